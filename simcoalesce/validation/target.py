"""The idea of a target: a real thing that a scenario can be run on."""

from collections.abc import Callable, Container, Coroutine, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Self

from simcoalesce.discovery import members
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Requests
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import NamedByFile
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.model_time import ModelTime
from simcoalesce.validation.timer_lag import TimerLag


class CannotValidate(ValueError):  # noqa: N818 - the name says what is wrong
    """The scenario says something that the testbed cannot do, or not yet."""


@dataclass(frozen=True)
class TestbedContext:
    """What a target is started in.

    Attributes:
        scenario: What it is to run.
        requests: What will be sent.
        contexts: Those of the layers of the path.
        time: The clock.
        timer_lag: Where parts beside the origin note how late they are.
        origin_port: Where the origin listens.
    """

    scenario: Scenario
    requests: Requests
    contexts: Sequence[LayerContext]
    time: ModelTime
    timer_lag: TimerLag
    origin_port: int


@dataclass(frozen=True)
class RunningTarget:
    """A target that is running.

    Attributes:
        ports: Where it listens.
        port_of_request: For each request, the index of its port among these.
        usage: Counts the operations of a run, given its answered requests.
        clock_offset_ns: How far t = 0 must be from the last whole second of the wall
            clock, if that matters.
        changes: Makes the changes of the scenario, each at its time.
    """

    ports: Sequence[int]
    port_of_request: Sequence[int]
    usage: Callable[[Sequence[ClientRequest]], Mapping[str, float]]
    clock_offset_ns: int | None = None
    changes: Callable[[], Coroutine[Any, Any, None]] | None = None


class Trace(NamedTuple):
    """What can be told of a request from outside."""

    served_by: int
    """Index among the target's `layers`."""
    lookup: int
    """A `Lookup`."""
    role: int
    """A `Role`."""


class Target(NamedByFile):
    """A program that does what layers of a path describe.

    It stands between the clients and the origin of the testbed, on loopback.
    """

    does: ClassVar[frozenset[str]] = frozenset()
    """The kinds of changes that it can make in mid-run."""
    takes_posts: ClassVar[bool] = False
    """Whether it passes on what no store may answer, and takes nothing out for it."""

    @property
    def layers(self) -> tuple[str, ...]:
        """Who may answer a request."""
        raise NotImplementedError

    def at(self, testbed: Path) -> Self:  # noqa: ARG002 - for those that are in it
        """Return the same target from another testbed.

        Raises:
            CannotValidate: If it is not in the testbed.
        """
        raise CannotValidate(f"--testbed: {self.kind} is not in it; leave it out")

    def version(self) -> str:
        """Return the version of what is installed.

        Raises:
            CannotValidate: If nothing is; the message says how to install it.
        """
        raise NotImplementedError

    def objections(self, scenario: Scenario, scale: float) -> Iterator[str]:
        """Yield what it cannot do of a scenario, each with what it could."""
        raise NotImplementedError

    def answer_headers(self, layer: Any) -> Mapping[str, str]:  # noqa: ARG002
        """Return what the origin must say with answers that the first layer stores."""
        return {}

    def started(
        self, context: TestbedContext
    ) -> AbstractAsyncContextManager[RunningTarget]:
        """Run it, and stop it whatever happens.

        Raises:
            CannotValidate: If it does not start; the message has what it said.
        """
        raise NotImplementedError

    def traces(
        self,
        scenario: Scenario,
        answered: Sequence[ClientRequest],
        callers: Container[int],
    ) -> list[Trace]:
        """Return what each request shows of its way.

        Args:
            scenario: What was run.
            answered: The requests and their answers.
            callers: The requests on whose behalf the origin was called.
        """
        raise NotImplementedError

    def as_run(
        self, path: tuple[Layer, ...], scale: float, clock_offset_ns: int
    ) -> tuple[Layer, ...]:
        """Return the path as a run had it, for the prediction.

        Args:
            path: The scenario's.
            scale: Real seconds in a second of model time.
            clock_offset_ns: How far t = 0 was from the last whole second of the
                wall clock, in real nanoseconds.
        """
        raise NotImplementedError


@cache
def targets() -> dict[str, Target]:
    """Return every target by its kind."""
    found: dict[str, Any] = members(Target, "simcoalesce.validation.targets")
    return {kind: target() for kind, target in found.items()}


def check_scenario(target: Target, scenario: Scenario, scale: float) -> None:
    """Let pass only what a target can do.

    Raises:
        CannotValidate: If it cannot; with all the reasons.
    """
    reasons = [*target.objections(scenario, scale), *_of_all(target, scenario)]
    if scenario.traffic.is_closed:
        reasons.append(
            "traffic.arrivals: the testbed sends each request at an instant that is"
            " known before the run, so nobody can wait for an answer; write e.g."
            " kind: rate in place of users"
        )
    if scenario.isolate_rules is not None:
        reasons.append(
            "worker, traffic: isolates that are the same from start to end; leave out"
            " cold_start, idle_after, isolate_lifetime and spill_above"
        )
    if reasons:
        raise CannotValidate(
            f"{scenario.label}: {target.kind} cannot run it:\n"
            + "\n".join(f"  {reason}" for reason in reasons)
        )


def _of_all(target: Target, scenario: Scenario) -> Iterator[str]:
    """Yield what no target can do, and changes that this one cannot."""
    for change in scenario.changes:
        if change.kind not in target.does:
            yield f"changes: leave out {change.kind}; it cannot be told"
    for layer in scenario.path:
        if getattr(layer, "initial", None) is not None:
            yield f"{layer.kind}.initial: leave it out; all begins empty"
        if getattr(layer, "max_entries", None) is not None:
            yield f"{layer.kind}.max_entries: unlimited, as it is here"
