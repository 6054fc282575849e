"""The idea of a remedy: one change to a scenario that somebody might have made."""

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import ValidationError

from simcoalesce.discovery import members
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import NamedByFile, written_name
from simcoalesce.suggestion import did_you_mean, listed

Effort = Literal["setting", "code", "component"]
"""What a change takes: a setting, new code, or a component that is not there yet; the
least first."""

_VALUE: Final = re.compile(r"→ (.*?)(?= and |;|$)")


class Remedy(NamedByFile):
    """One change; the requests and all random streams stay the same.

    It never weakens what is there: a scenario that has as much already has nothing to
    change.
    """

    label: ClassVar[str]
    """What people call it."""
    effort: ClassVar[Effort]
    """What it takes to make the change."""
    warning: ClassVar[str] = ""
    """What can go wrong with it, and no metric of one incident shows."""
    setting: ClassVar[str] = "{}"
    """How a value is named; {} is what `apply` returns behind its arrows."""

    parameter: ClassVar[str] = ""
    """The field by which it can be weaker or stronger, if it has one."""
    is_chosen: ClassVar[bool] = True
    """Whether somebody chooses that value; else its threshold is nothing to do."""
    varies: ClassVar[str] = ""
    """The key of the scenario that the field sets, if a fact of the incident decides
    whether it helps: the number of isolates, for a flight in each of them."""
    strengths: ClassVar[Sequence[Any]] = ()
    """Values of that field in growing strength, unless they depend on a scenario."""

    def apply(self, edit: ScenarioEdit) -> str:
        """Make the change in a scenario; return all that it changed, in a few words.

        Raises:
            DoesNotApply: If there is nothing to change; the message says why.
        """
        raise NotImplementedError

    def value_text(self, changed: str) -> str:
        """Return the values that a change sets, such as "KV writes of 20ms"."""
        values = dict.fromkeys(_VALUE.findall(changed)) or {changed: None}
        return self.setting.format(" and ".join(values))

    def weakest_first(self, scenario: Scenario) -> Sequence[Self]:
        """Return the remedy in growing strength, as far as that changes a scenario.

        It is empty if the remedy has no parameter, or nothing to change.
        """
        values = self.strengths
        every = [type(self).model_validate({self.parameter: one}) for one in values]
        return self.stronger(every, scenario)

    def stronger(self, every: Sequence[Self], scenario: Scenario) -> Sequence[Self]:
        """Return those that change a scenario, of remedies in growing strength."""
        edit = ScenarioEdit(scenario)
        return every[bisect_left(every, x=True, key=lambda one: one.applies_to(edit)) :]

    def applies_to(self, edit: ScenarioEdit) -> bool:
        """Say whether it has something to change."""
        try:
            self.apply(edit.copy())
        except ValueError:
            return False
        return True

    @classmethod
    def with_settings(cls, settings: Mapping[str, Any]) -> Self:
        """Return the remedy with settings of its own, as a scenario writes them.

        Raises:
            ValueError: If it has no such setting, or not with such a value.
        """
        known = [written_name(field) for field in cls.model_fields]
        for name in settings:
            if name not in known:
                has = f"it has {listed(known)}" if known else "it has none"
                meant = did_you_mean(name, known) or f"; {has}"
                raise ValueError(f'{cls.kind} has no setting "{name}"{meant}')
        try:
            return cls.model_validate(dict(settings))
        except ValidationError as error:
            wrong = error.errors()[0]
            where = ".".join(map(str, (cls.kind, *wrong["loc"])))
            raise ValueError(f"{where}: {reason_of(error)}") from error


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
    try:
        changed = tuple(remedy.apply(edit) for remedy in together)
        return edit.scenario(), changed
    except DoesNotApply:
        raise
    except ValueError as error:
        raise DoesNotApply(
            f"the scenario would be wrong with it: {reason_of(error)}"
        ) from error


def reason_of(error: ValueError) -> str:
    """Return what is wrong with a value, in one line."""
    if isinstance(error, ValidationError):
        return str(error.errors()[0]["msg"]).removeprefix("Value error, ")
    return str(error).splitlines()[0]
