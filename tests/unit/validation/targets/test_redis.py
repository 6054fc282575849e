"""The target redis: what it refuses before it starts anything."""

import pytest

from simcoalesce.validation.target import CannotValidate, check_scenario
from simcoalesce.validation.targets.redis import Redis
from tests.unit.validation.test_pod_path import a_scenario


def test_a_purge_is_something_that_it_does() -> None:
    """Others refuse it."""
    purged = a_scenario("redis.read, redis.write").with_overrides(
        "changes=[{at: 1s, purge: {keys: all}}]"
    )

    check_scenario(Redis(), purged, 10)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("redis.read, {redis.write: {initial: {keys: all}}}", "redis.write.initial"),
        ("redis.read, {redis.write: {max_entries: 3}}", "redis.write.max_entries"),
        ("kv.read, kv.write", "the pods have no layer kv.read"),
    ],
)
def test_what_it_cannot_do_is_said_before(path: str, said: str) -> None:
    """All begins empty, and is as large as it has to be."""
    with pytest.raises(CannotValidate, match=said):
        check_scenario(Redis(), a_scenario(path), 1)


def test_it_is_found_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Debian's package has the name of the program."""
    monkeypatch.setattr("shutil.which", lambda _, path=None: path and None)

    with pytest.raises(CannotValidate, match="apt-get install redis-server"):
        Redis().found()
