"""Which orders of layers make a path."""

import pytest

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.path_rule import path_faults, path_warnings
from tests.unit.scenario.builders import TEXT, a_scenario, only_error


def _faults(path: str) -> list[tuple[int | None, str]]:
    types = Layer.members()
    return [(f.at, f.message) for f in path_faults([types[k] for k in path.split()])]


@pytest.mark.parametrize(
    "path",
    [
        "origin",
        "kv.read kv.write origin",
        "kv.read durable_object kv.read kv.write origin",
        "kv.read single_flight kv.read kv.write origin",
        "single_flight durable_object single_flight origin",
        "memory lock memory cdn kv.read waiting_list kv.read origin",
        "retry retry timeout timeout origin",
    ],
)
def test_what_is_a_path(path: str) -> None:
    """A layer may come again where requests have waited, or if it says so."""
    assert _faults(path) == []


@pytest.mark.parametrize(
    ("path", "at", "words"),
    [
        ("", None, "the path is empty"),
        ("kv.read", None, "has no origin"),
        ("origin kv.read", 1, "no request gets behind the origin"),
        ("origin origin", 1, "a path has one origin"),
        ("durable_storage durable_object origin", 0, "put durable_object before it"),
        ("kv.read kv.read origin", 1, "comes a second time"),
        ("distributed_lock lease distributed_lock origin", 2, "wait for itself"),
        ("kv.read kv.write kv.read origin", 2, "comes a second time"),
        ("memory kv.read memory origin", 2, "comes a second time"),
        ("durable_object durable_object origin", 1, "comes a second time"),
    ],
)
def test_what_is_no_path(path: str, at: int | None, words: str) -> None:
    """The fault stands at the layer that makes it."""
    (fault,) = _faults(path)

    assert fault[0] == at
    assert words in fault[1]


def test_writing_what_is_never_read_is_allowed_and_told() -> None:
    """It is seldom meant."""
    scenario = a_scenario(overrides=("path=[kv.write, origin]",))

    assert len(list(path_warnings(scenario.path))) == 1
    assert "kv.write without kv.read" in scenario.warnings[0]


def test_a_read_of_what_is_never_written_is_allowed_and_told() -> None:
    """It is seldom meant either."""
    scenario = a_scenario(overrides=("path=[kv.read, origin]",))

    assert "kv.read without kv.write" in scenario.warnings[0]


@pytest.mark.parametrize(
    ("cache", "max_age", "is_refused"),
    [
        ("lock", "1500ms", True),
        ("lock", "[1s, 500ms]", True),
        ("lock", "{uniform: [1s, 3s]}", True),
        ("lock", "[2s, 0s]", False),
        ("cdn", "1500ms", False),
        ("{cdn: {whole_seconds: true}}", "1500ms", True),
        ("waiting_list", "1500ms", False),
        ("kv.read", "1500ms", False),
    ],
)
def test_a_cache_of_whole_seconds_knows_no_fractions_of_them(
    cache: str, max_age: str, *, is_refused: bool
) -> None:
    """HTTP says max-age in seconds; a cache of real numbers may be asked what if."""
    path = f"path=[{cache}, kv.write, {{origin: {{max_age: {max_age}}}}}]"
    if not is_refused:
        assert a_scenario(overrides=(path,)).path
        return

    with pytest.raises(ValueError, match=r"max_age.*not in whole seconds.*write e\.g"):
        a_scenario(overrides=(path,))


def test_silence_needs_somebody_in_front_who_gives_up() -> None:
    """Else requests would wait for ever; the error says what to put where."""
    flights = "{single_flight: {leader_leaves: silence}}"
    timeout = "{timeout: {after: 1s, cancels: true}}"

    assert a_scenario(overrides=(f"path=[{timeout}, {flights}, origin]",)).path
    for path in (f"[{flights}, origin]", f"[{flights}, {timeout}, origin]"):
        error = only_error(TEXT, overrides=(f"path={path}",))
        assert "put a timeout in front of it" in error.message


def test_silence_needs_everybody_to_give_up() -> None:
    """Half of the clients are not enough, nor are single ones."""
    flights = "{single_flight: {leader_leaves: silence}}"

    assert a_scenario(
        overrides=(f"path=[{{abandon: {{after: 1s}}}}, {flights}, origin]",)
    ).path
    for who in ("share: 50%", "requests: [1, 2]"):
        path = f"[{{abandon: {{after: 1s, {who}}}}}, {flights}, origin]"
        error = only_error(TEXT, overrides=(f"path={path}",))
        assert "put a timeout in front of it" in error.message
