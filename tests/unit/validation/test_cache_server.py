"""Cache servers: how they are found, what they refuse, what a request to them shows."""

from pathlib import Path

import pytest

from simcoalesce.outcomes import Lookup, Role
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.validation.cache_server import CacheServer
from simcoalesce.validation.clients import ClientRequest
from simcoalesce.validation.http import Message
from simcoalesce.validation.target import CannotValidate, Trace
from simcoalesce.validation.targets.nginx import Nginx
from simcoalesce.validation.targets.squid import Squid
from simcoalesce.validation.targets.varnish import Varnish
from tests.unit.validation.builders import MS, a_cache_scenario

LOCK = a_cache_scenario("lock: {}")


def a_request(
    made_at_ns: int | None, cache_status: str = "HIT", body_ns: int = 0
) -> ClientRequest:
    """Return a request sent at 10 ms, answered with content or with an error."""
    status, content = 503, b""
    if made_at_ns is not None:
        ends_ns = made_at_ns + body_ns
        status = 200
        content = b'{"made_at_ns": %d, "complete_at_ns": %d}' % (made_at_ns, ends_ns)
    headers = {"x-cache-status": cache_status}
    return ClientRequest(
        10 * MS, 20 * MS, Message(f"HTTP/1.1 {status} It", headers, content)
    )


def trace(
    request: ClientRequest,
    *,
    has_called: bool = False,
    server: CacheServer | None = None,
    scenario: Scenario = LOCK,
) -> Trace:
    """Return what the only request of a run shows."""
    callers = {0} if has_called else set()
    (shown,) = (server or Nginx()).traces(scenario, [request], callers)
    return shown


def objections(path: str, *more: str, scale: float = 1) -> list[str]:
    """Return what nginx objects to."""
    lines = [
        "traffic: {arrivals: [{kind: burst, requests: 3, within: 1ms}]}",
        "origin: {latency: 100ms}",
        f"path: {path}",
        *more,
    ]
    return [*Nginx().objections(Scenario.parse("\n".join(lines)), scale)]


def test_what_was_made_before_it_was_asked_for_is_a_hit() -> None:
    """The cache had it."""
    assert trace(a_request(5 * MS)) == (0, Lookup.HIT, Role.NONE)


def test_an_expired_answer_is_told_by_the_server() -> None:
    """From the content alone one could not see it."""
    shown = trace(a_request(5 * MS, "UPDATING"), has_called=True)

    assert shown == (0, Lookup.STALE, Role.NONE)


def test_who_called_the_origin_is_a_leader() -> None:
    """The call has the number of the request."""
    shown = trace(a_request(15 * MS), has_called=True)

    assert shown == (1, Lookup.MISS, Role.LEADER)


def test_who_got_newer_content_without_a_call_has_waited() -> None:
    """It was made for another, after this one had asked."""
    assert trace(a_request(15 * MS)) == (0, Lookup.MISS, Role.FOLLOWER)


def test_of_a_client_that_hung_up_nothing_is_known() -> None:
    """Not even that it called: its row says what the model's does."""
    left = ClientRequest(10 * MS, 60 * MS, None, has_left=True)

    assert left.status == 499
    assert trace(left, has_called=True) == (0, Lookup.MISS, Role.NONE)


def test_clients_that_hang_up_stay_in_front_of_what_a_run_had() -> None:
    """The offset of the second is the cache's, behind them."""
    leaving = a_cache_scenario("lock: {}", "abandon: {after: 50ms}")
    first, lock, _ = Nginx().as_run(leaving.path, 1, 250 * MS)

    assert [*Nginx().objections(leaving, 1)] == []
    assert first == leaving.path[0]
    assert lock.document()["clock_offset"] == "250ms"


def test_nobody_waits_where_misses_are_not_collapsed() -> None:
    """The content has come while the request was on its way to the cache."""
    scenario = a_cache_scenario("cdn: {lock: false}")

    assert trace(a_request(15 * MS), scenario=scenario) == (0, Lookup.HIT, Role.NONE)


@pytest.mark.parametrize(
    ("cache", "lookup"),
    [("lock: {}", Lookup.MISS), ("waiting_list: {}", Lookup.HIT)],
)
def test_who_came_while_a_body_did_has_waited_unless_the_cache_streams(
    cache: str, lookup: Lookup
) -> None:
    """Headers at 5 ms, the body at 15 ms; asked for at 10 ms."""
    request = a_request(5 * MS, body_ns=10 * MS)

    assert trace(request, scenario=a_cache_scenario(cache)).lookup == lookup


def test_a_slow_body_needs_the_server_s_own_way_with_it() -> None:
    """Of nginx: without its lock it shares whole answers, and displaces none."""
    streams = "[{cdn: {ttl: 1d, lock: false}}, {origin: {latency: 1s, body: 1s}}]"
    whole = streams.replace("false", "false, incomplete: whole")

    (objection,) = objections(streams)
    assert objection.startswith("cdn.incomplete: whole, ")
    assert objections(whole) == []


@pytest.mark.parametrize(
    ("max_age", "is_refused"),
    [("[2s, 0s]", False), ("1500ms", True), ("{uniform: [1s, 2s]}", True)],
)
def test_a_lifetime_is_said_in_whole_seconds(max_age: str, *, is_refused: bool) -> None:
    """By Cache-Control."""
    origin = f"{{origin: {{latency: 1s, max_age: {max_age}}}}}"
    said = objections(f"[{{lock: {{whole_seconds: false}}}}, {origin}]")

    assert any(one.startswith("origin.max_age: write") for one in said) == is_refused


def test_an_error_without_a_call_is_the_server_s_own_unless_it_is_shared() -> None:
    """Varnish gives another's error to who waits, nginx gives it to nobody."""
    own = trace(a_request(None))
    shared = trace(a_request(None), server=Varnish())

    assert (own.role, shared.role) == (Role.NONE, Role.FOLLOWER)


def test_what_is_missing_is_said_with_the_command_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One line to copy."""
    monkeypatch.setattr("shutil.which", lambda _, path=None: path and None)

    with pytest.raises(CannotValidate, match="run: apt-get install nginx"):
        Nginx().found()


def test_a_server_is_found_where_only_root_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's users have no /usr/sbin in their PATH."""
    program = tmp_path / "nginx"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    folders = "simcoalesce.validation.programs._SYSTEM_FOLDERS"
    monkeypatch.setattr(folders, str(tmp_path))

    assert Nginx().found() == program


def test_a_version_is_what_the_server_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On either stream, after a word of its own."""
    program = tmp_path / "squid"
    program.write_text("#!/bin/sh\necho 'Squid Cache: Version 5.7'")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    assert Squid().version() == "5.7"


def test_a_path_is_a_cache_and_an_origin() -> None:
    """What else it has, the server has not."""
    (objection,) = objections("[single_flight, lock, origin]")

    assert objection == "path: it can [lock, origin] or [cdn, origin]"


def test_what_belongs_to_the_client_is_refused_with_the_reason() -> None:
    """The testbed's clients are patient and ask once."""
    (objection,) = objections("[{timeout: {after: 1s}}, lock, origin]")

    assert objection.startswith("path: clients do not timeout here")


def test_a_cache_has_one_location() -> None:
    """Another location has another cache."""
    more = "variants: {two: {traffic: {locations: {a: 1, b: 1}}}}"
    scenario = Scenario.parse(
        "traffic: {arrivals: [{kind: burst, requests: 3, within: 1ms}]}\n"
        f"origin: {{latency: 100ms}}\npath: [lock, origin]\n{more}",
        variant="two",
    )

    (objection,) = Nginx().objections(scenario, 1)

    assert objection.startswith("traffic.locations: one")


def test_whole_seconds_cannot_be_stretched() -> None:
    """Only Varnish's times are all its own."""
    (objection,) = objections("[lock, origin]", scale=10)
    stretched = Varnish().objections(a_cache_scenario("waiting_list: {}"), 10)

    assert objection.startswith("--time-scale: leave it out")
    assert [*stretched] == []


def test_a_prediction_begins_where_the_run_did_in_a_second() -> None:
    """Lifetimes end with whole seconds of the wall clock."""
    first, _ = Nginx().as_run(LOCK.path, 1, 250 * MS)

    assert getattr(first, "clock_offset_ns", None) == 250 * MS


def test_a_way_to_the_cache_is_not_walked() -> None:
    """All is on one machine."""
    assert objections("[{lock: {hop: 20ms}}, origin]") == [
        "lock.hop: 0ms; its clients are beside it"
    ]
