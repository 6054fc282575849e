"""Scope: where a layer runs, and so who shares what it keeps."""

from enum import Enum, auto


class Scope(Enum):
    """Where a layer runs; from it follows who shares what the layer keeps."""

    ANYWHERE = auto()
    """With the client at the head of a path, else wherever it stands."""
    ISOLATE = auto()
    """In each isolate of a worker, or in the object around it."""
    OBJECT = auto()
    """In an object of a worker, and so does what follows it."""
    LOCATION = auto()
    """In a worker, with a store that all isolates of a location share."""
    EVERYWHERE = auto()
    """In a worker, with a store that all locations share."""
    CACHE = auto()
    """In an HTTP cache of a location, which runs no worker."""
    ORIGIN = auto()
    """At the end of a path."""

    @property
    def is_worker(self) -> bool:
        """Whether it is a worker's code."""
        return self in {
            Scope.ISOLATE,
            Scope.OBJECT,
            Scope.LOCATION,
            Scope.EVERYWHERE,
        }

    @property
    def is_shared(self) -> bool:
        """Whether all of a location share what is kept there."""
        return self in {Scope.LOCATION, Scope.EVERYWHERE, Scope.CACHE}
