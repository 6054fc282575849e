"""A circuit breaker around the fetch from the origin."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.origin_facts import statuses
from simcoalesce.explain.path_edit import insert_before_origin
from simcoalesce.explain.scenario_edit import DoesNotApply, ScenarioEdit
from simcoalesce.spec import default
from simcoalesce.units import PositiveCount, PositiveDuration


class CircuitBreakerRemedy(Remedy):
    """After failures in a row nobody asks the origin for a while; clients get a 503."""

    label = "circuit breaker"
    effort = "code"
    warning = "while it is open calls fail that might have succeeded"

    failures: PositiveCount = 5
    """How many failures in a row open it."""
    open_for_ns: PositiveDuration = default("10s")
    """How long it stays open."""

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        edit.refuse("circuit_breaker")
        answered = statuses(edit.incident)
        if not any(status >= 500 for status in answered):
            raise DoesNotApply("the origin never fails, and a refusal costs it nothing")
        failing = sorted(one for one in answered if one == 429 or one >= 500)
        said = self.document()
        insert_before_origin(edit, {"circuit_breaker": {**said, "on": failing}})
        return f"open for {said['open_for']} after {self.failures} failures in a row"
