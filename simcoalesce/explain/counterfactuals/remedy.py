"""The idea of a remedy: one change to a scenario that somebody might have made."""

from collections.abc import Sequence
from typing import Any, ClassVar, Self

from simcoalesce.discovery import members
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import NamedByFile


class Remedy(NamedByFile):
    """One change; the traffic and all random streams stay the same."""

    label: ClassVar[str]
    """What people call it."""
    is_cause: ClassVar[bool] = False
    """Whether what it changes is a cause, to which origin hits can be attributed."""
    warning: ClassVar[str] = ""
    """A risk that no metric of one incident shows."""
    setting: ClassVar[str] = "{}"
    """How a value is named; {} is what `apply` returns behind its arrow."""

    parameter: ClassVar[str] = ""
    """The field by which it can be weaker or stronger, if it has one."""
    strengths: ClassVar[Sequence[Any]] = ()
    """Values of that field in growing strength, unless they depend on a scenario."""

    def apply(self, edit: ScenarioEdit) -> str:
        """Make the change in a scenario, and return it in a few words.

        Raises:
            DoesNotApply: If there is nothing to change; the message says why.
        """
        raise NotImplementedError

    def value_text(self, changed: str) -> str:
        """Return the value that a change sets, such as "KV writes of 20ms"."""
        return self.setting.format(changed.rpartition("→ ")[2])

    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:  # noqa: ARG002
        """Return the remedy in growing strength; empty if it has no parameter."""
        values = self.strengths
        return [type(self).model_validate({self.parameter: one}) for one in values]


def remedies() -> dict[str, Remedy]:
    """Return every remedy by its kind, with its usual setting."""
    found = members(Remedy, "simcoalesce.explain.counterfactuals.remedies")
    return {kind: remedy() for kind, remedy in found.items()}


def remedied(scenario: Scenario, *together: Remedy) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario with remedies, if any, and what each of them changed.

    Raises:
        DoesNotApply: If one of them has nothing to change.
    """
    if not together:
        return scenario, ()
    edit = ScenarioEdit(scenario)
    changed = tuple(remedy.apply(edit) for remedy in together)
    return edit.scenario(), changed
