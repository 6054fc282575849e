"""The whole way: a real nginx's log, a scenario, a change, and the real nginx again."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from simcoalesce.experiment.single_run import run
from simcoalesce.explain.explanation import explain
from simcoalesce.fit.estimator import fitted_values
from simcoalesce.fit.fitted_scenario import fitted_scenario
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.model.layers.lock import Lock
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.targets.nginx import Nginx
from tests.testbed.nginx_log import LIMIT, NginxRun, open_loop, run_nginx

pytestmark = pytest.mark.testbed
REQUESTS = open_loop(90, 11, 60)
AS_IT_IS = Lock.model_validate({"ttl": "1s", "locks": False})


@dataclass(frozen=True)
class Way:
    """What was measured, fitted, recommended, and measured again."""

    before: NginxRun
    fitted: FittedValues
    scenario: Scenario
    changed: Scenario
    after: NginxRun


@pytest.fixture(scope="module")
def way() -> Iterator[Way]:
    """The whole way, once; where nginx is not installed there is no test."""
    try:
        Nginx().found()
    except CannotValidate as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    with TemporaryDirectory(prefix="simcoalesce-") as name:
        yield gone(Path(name))


def gone(folder: Path) -> Way:
    """Go the whole way."""
    before = measured(AS_IT_IS, folder / "before")
    log = read_log(LogSpec.model_validate({"file": str(before.log)}))
    found = fitted_values(log)
    goal = FittedValue("goal", {"expect": ["errors <= 100"], "replications": 3})
    whole = found.plus(goal)
    drawn = FittedValues(tuple(without_draws(one) for one in whole))
    scenario = fitted_scenario(drawn).load(folder)
    changed = recommended_change(scenario)
    layer = changed.path[0]
    assert isinstance(layer, Lock)
    return Way(before, found, scenario, changed, measured(layer, folder / "after"))


def measured(layer: Lock, folder: Path) -> NginxRun:
    """Send the requests through a real nginx."""
    folder.mkdir()
    return asyncio.run(run_nginx(layer, REQUESTS, folder))


def without_draws(value: FittedValue) -> FittedValue:
    """Return a value as it was found, without its interval."""
    return replace(value, uncertain=())


def recommended_change(scenario: Scenario) -> Scenario:
    """Return the first recommended change that nginx can make."""
    for one in explain(scenario, replications=3).recommended:
        changed = one.change.scenario
        is_cache = changed.path[1:] == scenario.path[1:]
        is_cache = is_cache and isinstance(changed.path[0], Lock)
        if is_cache and not [*Nginx().objections(changed, 1)]:
            return changed
    raise AssertionError("explain recommends no change of the cache")


def test_the_log_tells_what_the_server_was_told(way: Way) -> None:
    """ttl, no lock, the limit."""
    written = {path: value for one in way.fitted for path, value in one.sets.items()}

    assert written["lock.ttl"] == "1s"
    assert written["lock.locks"] is False
    assert written["origin.rate_limit"]["kind"] == LIMIT["kind"]


def test_the_fitted_scenario_makes_the_calls_of_the_log(way: Way) -> None:
    """Within a tenth: on a busy machine requests come late, and miss more often."""
    calls = len(run(way.scenario).origin_rows.request)

    assert calls == pytest.approx(way.before.calls, rel=0.1)


def test_the_recommended_change_does_what_was_foretold(way: Way) -> None:
    """The calls of the real nginx with it, within a tenth; far fewer than without."""
    calls = len(run(way.changed).origin_rows.request)

    assert calls == pytest.approx(way.after.calls, rel=0.1)
    assert way.after.calls < way.before.calls
