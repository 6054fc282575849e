"""How an origin fails."""

from typing import Annotated, Any, ClassVar

from pydantic import Field

from simcoalesce.distribution import Latency
from simcoalesce.randomness import Stream
from simcoalesce.spec import Spec


def _usual_status(fields: dict[str, Any]) -> int:
    """Return the status of a fault that names none, from its other fields."""
    is_only_slow = fields.get("takes") is None and fields.get("slower", 1.0) != 1.0
    return 200 if is_only_slow else 500


class Fault(Spec):
    """Some of the calls that the origin admits are answered badly, or late.

    The first fault in the list that strikes a call decides its status; every one
    that strikes slows it down.
    """

    family: ClassVar[str] = "simcoalesce.model.faults"

    kind: str
    takes: Latency | None = None
    """Time to the bad answer, e.g. 30s for a time-out; the usual latency if absent."""
    slower: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0
    """Factor on the latency."""
    status: Annotated[int, Field(ge=200, le=599, default_factory=_usual_status)]
    """Status of the answer; if absent 500, or 200 if only `slower` is given."""

    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        """Whether the fault strikes a call.

        Args:
            call: How many calls the origin admitted before it.
            at_ns: When it is made.
            uniform: The call's own draw in [0, 1).
        """
        raise NotImplementedError

    def stream(self, seed: int, index: int) -> Stream:
        """Return the draws of the fault with an index in the list."""
        return Stream(seed, f"origin.faults[{index}]")
