"""The idea of a fix: one change to a scenario that somebody might have made."""

from collections.abc import Sequence
from typing import ClassVar, Self

from simcoalesce.discovery import members
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import Spec


class Remedy(Spec):
    """One change; the traffic and all luck stay the same."""

    label: ClassVar[str]
    """What people call it."""
    is_cause: ClassVar[bool] = False
    """Whether what it changes is a cause, to which origin hits can be attributed."""
    caveat: ClassVar[str] = ""
    """What no figure of one incident shows, and who makes it should know."""

    layers: ClassVar[Sequence[str]] = ()
    """The layers of which it changes a setting, if it needs one of them."""

    kind: str

    def apply(self, edit: ScenarioEdit) -> str:
        """Change a edit, and return what was changed, in a few words.

        Raises:
            DoesNotApply: If there is nothing to change; the message says why.
        """
        raise NotImplementedError

    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:  # noqa: ARG002
        """Return the same fix in growing strength; empty if it has no parameter."""
        return ()


def remedies() -> dict[str, Remedy]:
    """Return every fix by its kind, as it is usually made."""
    found = members(Remedy, "simcoalesce.explain.counterfactuals.remedies")
    return {kind: remedy() for kind, remedy in found.items()}


def remedied(scenario: Scenario, *several: Remedy) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario with fixes made, and what each of them changed.

    Raises:
        DoesNotApply: If one of them has nothing to change.
    """
    edit = ScenarioEdit(scenario)
    changed = tuple(remedy.apply(edit) for remedy in several)
    return edit.scenario(), changed
