"""Drawn traffic: how requests are made one by one, where draws alone decide on them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simcoalesce.traffic.alias_table import AliasTable
from simcoalesce.traffic.arrival import Arrival, PhaseArrivals
from simcoalesce.traffic.drawn_instants import DrawnInstants
from simcoalesce.traffic.key_index import KeyIndex
from simcoalesce.traffic.routing import Routing


@dataclass(frozen=True)
class DrawnPhase:
    """A phase of which nothing but draws says what it brings.

    Attributes:
        instants: When its requests come, counted from its start.
        at_ns: When it starts.
        ends_ns: Before when its requests come.
        table: From which its keys are drawn.
        codes: The number of each key of the table, shape (n,); None: it is its index.
    """

    instants: DrawnInstants
    at_ns: int
    ends_ns: int
    table: AliasTable
    codes: NDArray[np.int64] | None


@dataclass(frozen=True)
class DrawnTraffic:
    """The requests of phases that add up, each with draws of its own.

    Attributes:
        phases: The phases; at the same instant an earlier one comes first.
        key: The key of the stream from which the keys of requests are drawn.
        routing: Draws where they arrive.
    """

    phases: Sequence[DrawnPhase]
    key: int
    routing: Routing


def drawn_traffic(
    arrivals: Sequence[Arrival],
    phases: Sequence[PhaseArrivals],
    keys: KeyIndex,
    routing: Routing,
    duration_ns: int,
) -> DrawnTraffic | None:
    """Return how the requests of a run are drawn, before any of them is made.

    None, if more than draws decides on them: a log, a ring, what a page asks for.
    """
    drawn = []
    for number, (own, phase) in enumerate(zip(arrivals, phases, strict=True)):
        table, codes = keys.table_of(number)
        instants, at_ns = phase.instants, own.at_ns
        is_plain = not own.bypass_ratio and not own.needs_answers
        if table is None or not isinstance(instants, DrawnInstants) or not is_plain:
            return None
        ends_ns = at_ns + own.lasts_ns(duration_ns)
        drawn.append(DrawnPhase(instants, at_ns, ends_ns, table, codes))
    return (
        None
        if routing.ring is not None
        else DrawnTraffic(drawn, keys.stream.key, routing)
    )
