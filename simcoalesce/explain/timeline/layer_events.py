"""Events of layers: what they say can happen in them, and did."""

from collections.abc import Iterator, Sequence

import numpy as np

from simcoalesce.explain.timeline.event import Event
from simcoalesce.model.isolate_pool import ISOLATE_EVENTS
from simcoalesce.model.layer import Layer, LayerEvent
from simcoalesce.outcomes import Outcomes


def events_of(path: Sequence[Layer]) -> tuple[LayerEvent, ...]:
    """Return what can happen in layers and isolates that no row shows."""
    of_layers = (event for layer in path for event in layer.can_happen())
    return tuple(dict.fromkeys((*of_layers, *ISOLATE_EVENTS)))


def layer_events(outcomes: Outcomes, path: Sequence[Layer]) -> Iterator[Event]:
    """Yield what layers say can happen in them, and did.

    Each stands where it happened first, if the run noted it; else at the end of the
    traffic. What errors of the layer say as well is told with them.
    """
    told = {
        event.unit
        for layer in path
        for event in layer.can_happen()
        if event.is_error and _number(outcomes, event) == _errors_of(outcomes, layer)
    }
    for event in events_of(path):
        number = _number(outcomes, event)
        if number and event.unit not in told:
            yield _event(outcomes, event, number)


def _number(outcomes: Outcomes, event: LayerEvent) -> int:
    noted = outcomes.noted.get(event.unit)
    return int(outcomes.usage.get(event.unit, 0)) if noted is None else noted.number


def _errors_of(outcomes: Outcomes, layer: Layer) -> int:
    """Return how many requests got an error of a layer that is told as an error."""
    rows = outcomes.request_rows
    if not layer.makes_errors or layer.served_by not in outcomes.layers:
        return 0
    is_its = rows.served_by == outcomes.layers.index(layer.served_by)
    return int(np.count_nonzero(is_its & (rows.status >= 400) & (rows.status != 429)))


def _event(outcomes: Outcomes, event: LayerEvent, number: int) -> Event:
    noted, calls = outcomes.noted.get(event.unit), outcomes.origin_rows.request
    is_tallied = event.unit in outcomes.usage
    evidence = f"{'usage' if is_tallied else 'noted'}.{event.unit}"
    again = len(calls) - len(np.unique(calls))
    if noted is None:
        last_ns = int(outcomes.request_rows.arrived_at_ns[-1])
        return Event(last_ns, event.kind, number, evidence, calls=again)
    return Event(
        noted.first_at_ns,
        event.kind,
        number,
        evidence,
        calls=again,
        until_ns=noted.last_at_ns,
        largest=noted.most,
        longest_ns=noted.longest_ns,
    )
