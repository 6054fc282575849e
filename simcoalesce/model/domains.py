"""Domains: the instances among which the state of a layer is divided."""

from typing import Final, Protocol

from simcoalesce.model.clock import Fetch
from simcoalesce.model.trace import TellAt
from simcoalesce.request import Request

FIRST_NEW: Final = 1 << 40
"""The number of the first isolate that starts in mid-run; those that were there have
the numbers of the traffic."""


class Domains(Protocol):
    """The instances among which a layer's state is divided: isolates, or objects."""

    def domain_of(self, request: Request) -> int:
        """Return which of the instances a request reaches."""

    def location_of(self, request: Request) -> int:
        """Return the location of that instance."""

    def is_warm(self, domain: int) -> bool:
        """Say whether an instance was there before the run, and may hold something."""

    def awaiting(self, fetch: Fetch, resumptions: int, tell_at: TellAt) -> Fetch:
        """Return a layer's way as it is awaited here, with so many resumptions.

        Before the second one, the body of the answer must be there.
        """

    def stay_active(self, request: Request, until_ns: int) -> None:
        """Note that its instance waits for something of a request until an instant."""


class Isolates:
    """Each isolate is an instance of its own, in the location of its requests."""

    def domain_of(self, request: Request) -> int:
        """Return the request's isolate."""
        return request.isolate

    def location_of(self, request: Request) -> int:
        """Return the request's location."""
        return request.location

    def is_warm(self, domain: int) -> bool:
        """Return whether it was there when the run began."""
        return domain < FIRST_NEW

    def awaiting(
        self,
        fetch: Fetch,
        resumptions: int,  # noqa: ARG002 - protocol
        tell_at: TellAt,  # noqa: ARG002 - protocol
    ) -> Fetch:
        """Return the way itself: an isolate goes on at once."""
        return fetch

    def stay_active(self, request: Request, until_ns: int) -> None:
        """Do nothing: the time of an isolate is not billed."""
