"""Events of in-flight maps, for the layers that have one."""

from typing import Final

from simcoalesce.model.flights import DEAD, ENDED, LEADER_LEFT
from simcoalesce.model.layer import LayerEvent

FLIGHT_EVENTS: Final = (
    LayerEvent(
        "leader_left",
        LEADER_LEFT,
        "time",
        "The request that fetches for others is stopped, and its fetch with it:"
        " {number}.",
    ),
    LayerEvent(
        "dead_flight",
        DEAD,
        "request",
        "A fetch that has failed stays in the map of fetches in flight, and its error"
        " answers those who come: {number}.",
    ),
    LayerEvent(
        "ended_flight",
        ENDED,
        "request",
        "A fetch that has ended stays in the map of fetches in flight, and its answer"
        " goes to those who come: {number}.",
    ),
)
"""What can happen in a map of fetches in flight."""
