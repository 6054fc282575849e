"""Changes: what happens to the edge itself at an instant, e.g. a purge."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from simcoalesce.model.changeable import Changeable
from simcoalesce.model.clock import CHANGE, Clock, PriorityTimeout
from simcoalesce.spec import Spec
from simcoalesce.units import Duration

if TYPE_CHECKING:
    from simcoalesce.model.layer import Layer


class EdgeChange(Spec):
    """Something happens to the edge, once, before all else at its instant."""

    family: ClassVar[str] = "simcoalesce.model.changes"

    concerns_isolates: ClassVar[bool] = False
    """Whether isolates must be known one by one."""

    kind: str
    at_ns: Duration
    """When."""

    @property
    def says(self) -> str:
        """What happens: a sentence."""
        raise NotImplementedError

    def faults(self, path: "Sequence[Layer]") -> Iterable[str]:  # noqa: ARG002
        """Yield why it makes no sense for a path."""
        return ()

    def act(self, edge: Changeable, *, keys: Sequence[str], seed: int) -> None:
        """Do it, now.

        Args:
            edge: What it may change.
            keys: Names of the traffic's keys, by number.
            seed: Decides all chance.

        Raises:
            ValueError: If the traffic has no key of a name.
        """
        raise NotImplementedError


class Agenda(NamedTuple):
    """What happens in a run besides requests.

    Attributes:
        changes: The changes, each at its instant, in this order where instants meet.
        ends_at_ns: Until when requests arrive.
        keys_at_start: How many of the traffic's keys there are before the run, the
            first ones; None for all.
    """

    changes: Sequence[EdgeChange] = ()
    ends_at_ns: int = 0
    keys_at_start: int | None = None

    def begin(
        self, edge: Changeable, clock: Clock, *, keys: Sequence[str], seed: int
    ) -> None:
        """Have changes happen at their instants."""

        def happen(change: EdgeChange, _: object) -> None:
            change.act(edge, keys=keys, seed=seed)

        for number, change in enumerate(self.changes):
            event = PriorityTimeout(clock, change.at_ns, CHANGE + number)
            event.callbacks.append(partial(happen, change))


NOTHING_ELSE: Final = Agenda()
"""For runs in which only requests come."""
