"""Estimators: what a log has not is said, and not guessed."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.discovery import extra_members
from simcoalesce.fit.estimator import Estimator, fitted_values
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.logs.log import Log
from tests.fit_logs import a_log, hit


class HitTimes(Estimator):
    """An estimator that needs a field."""

    kind: ClassVar[str] = "hit_times"
    precedence: ClassVar[int] = 250
    needs: ClassVar[tuple[str, ...]] = ("cache",)
    tells: ClassVar[str] = "hits and misses"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue:
        return FittedValue(self.kind, {"cdn.ttl": "1s"}, "one", events=1)


def test_the_clock_is_that_of_the_first_request() -> None:
    """Its start is t = 0 of the scenario."""
    found = fitted_values(a_log([hit(0), hit(1)], without=["cache"])).get("wall_clock")

    assert found is not None
    assert found.sets == {"starts_at": "2026-11-30T00:53:20.000+00:00"}


def test_what_needs_a_field_that_is_not_logged_is_not_told() -> None:
    """The estimator is not asked, and the table says why."""
    with extra_members([HitTimes]):
        found = fitted_values(a_log([hit(0), hit(1)], without=["cache"])).get(
            "hit_times"
        )

    assert found is not None
    assert found.told == "not told"
    assert found.evidence == "the log has no cache: hits and misses"


def test_what_the_user_says_is_not_estimated() -> None:
    """A value of an estimator's name takes its place."""
    given = FittedValues((FittedValue("wall_clock", text="given"),))

    found = fitted_values(a_log([hit(0), hit(1)], without=["cache"]), given).get(
        "wall_clock"
    )

    assert found is not None
    assert found.text == "given"
