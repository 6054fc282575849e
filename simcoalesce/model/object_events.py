"""Events of objects: queues in front of them, and resets."""

from typing import Final

from simcoalesce.model.layer import LayerEvent

QUEUED: Final = LayerEvent(
    "object_queue",
    "object_queued",
    "request",
    "Requests queue at an object: {number}, at most {most} at once.",
)
RESET: Final = LayerEvent(
    "object_reset",
    "object_resets",
    "time",
    "An object is reset, and all who wait there get an error: {number}.",
)
