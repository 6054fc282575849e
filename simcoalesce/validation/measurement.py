"""Observed runs, read again from the record of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
)
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S


@dataclass(frozen=True)
class Measurement:
    """What `validate -o observed.json` has written.

    Attributes:
        scenario: What was run.
        run: On what, and how, by name.
        agreement: The lines that were compared, as the record has them.
        outcomes: The three tables.
    """

    scenario: Scenario
    run: Mapping[str, Any]
    agreement: Sequence[Mapping[str, Any]]
    outcomes: Outcomes


def is_measurement(document: Any) -> bool:
    """Whether a document is the record of an observed run."""
    return isinstance(document, dict) and "agreement" in document


def measurement(path: str | Path) -> Measurement:
    """Read the record of an observed run.

    Raises:
        ValueError: If it is none, or not whole.
    """
    try:
        document = json.loads(Path(path).read_bytes())
        outcomes = _outcomes(document)
        text = json.dumps(document["scenario"])
        run, agreement = document["run"], document["agreement"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no observed run: {error!r}") from None
    scenario = Scenario.parse(text, name=str(path), folder=Path(path).parent)
    return Measurement(scenario, run, agreement, outcomes)


def _outcomes(document: Mapping[str, Any]) -> Outcomes:
    requests, calls = _Table(document["requests"]), _Table(document["origin_hits"])
    keys, locations, layers = (
        requests.names(column) for column in ("key", "location", "served_by")
    )
    keys += tuple(name for name in calls.names("key") if name not in keys)
    rows = RequestRows(
        request=requests.numbers("request"),
        key=requests.places("key", keys),
        location=requests.places("location", locations),
        isolate=requests.numbers("isolate"),
        arrived_at_ns=requests.instants_ns("arrived_at_s"),
        completed_at_ns=requests.instants_ns("completed_at_s"),
        status=requests.numbers("status"),
        lookup=requests.places("lookup", [one.name.lower() for one in Lookup]),
        role=requests.places("role", [one.name.lower() for one in Role]),
        served_by=requests.places("served_by", layers),
        age_ns=requests.instants_ns("age_s"),
        attempts=requests.numbers("attempts"),
    )
    origin_rows = OriginRows(
        request=calls.numbers("request"),
        key=calls.places("key", keys),
        called_at_ns=calls.instants_ns("called_at_s"),
        completed_at_ns=calls.instants_ns("completed_at_s"),
        status=calls.numbers("status"),
        version=calls.numbers("version"),
    )
    return Outcomes(rows, origin_rows, document["usage"], keys, locations, layers)


class _Table:
    """Columns and rows, as a record holds a table."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        columns = zip(*table["data"], strict=True) if table["data"] else ()
        empty: dict[str, Sequence[Any]] = dict.fromkeys(table["columns"], ())
        self._columns = empty | dict(zip(table["columns"], columns, strict=False))

    def names(self, column: str) -> tuple[str, ...]:
        """Return the names in a column, in the order in which they come."""
        return tuple(dict.fromkeys(self._columns[column]))

    def places(self, column: str, names: Sequence[str]) -> NDArray[np.int64]:
        """Return a column of names as their places among these."""
        place_of = {name: place for place, name in enumerate(names)}
        return self._whole(place_of[name] for name in self._columns[column])

    def numbers(self, column: str) -> NDArray[np.int64]:
        """Return a column of whole numbers."""
        return self._whole(self._columns[column])

    def instants_ns(self, column: str) -> NDArray[np.int64]:
        """Return a column of seconds in nanoseconds; what is absent is `NEVER`."""
        return self._whole(
            NEVER if value_s is None else round(value_s * NS_PER_S)
            for value_s in self._columns[column]
        )

    def _whole(self, values: Any) -> NDArray[np.int64]:
        return np.array(list(values), dtype=np.int64)
