"""The origin's parts: servers, faults, refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.faults.first import First
from simcoalesce.model.faults.random import Random
from simcoalesce.model.faults.window import FaultWindow
from simcoalesce.model.origin import FaultInjector, OriginServer, Servers
from simcoalesce.model.rate_limit import RunningLimit
from simcoalesce.model.rate_limits.fixed_window import FixedWindow
from simcoalesce.units import NS_PER_S
from tests.builders import a_latency, a_request

KEYS = ("key-0",)
Calls = list[tuple[int, int]]
CALLS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9)), max_size=30)


def served(calls: Calls, count: int, *limits: int | None) -> list[int | None]:
    """Return when each (gap, service) call is done, None for a refused one.

    The limits are how many may wait, and how long; who waits too long is done with a
    negative sign.
    """
    servers, now_ns, done = Servers(count, *limits), 0, list[int | None]()
    for gap_ns, service_ns in calls:
        now_ns += gap_ns
        if servers.is_full(now_ns):
            done.append(None)
        elif (left_at_ns := servers.times_out_at_ns(now_ns)) is not None:
            done.append(-left_at_ns)
        else:
            done.append(servers.serve(now_ns, service_ns))
    return done


def served_slowly(
    calls: Calls, count: int, queue_limit: int | None, timeout_ns: int | None
) -> list[int | None]:
    """Return the same, from lists of who waits and who is served."""
    now_ns, leaves, ends = 0, list[int](), list[int]()
    done: list[int | None] = []
    for gap_ns, service_ns in calls:
        now_ns += gap_ns
        free_at = sorted([0] * count + ends)[-count:]
        start = max(now_ns, free_at[0])
        waiting = sum(leave > now_ns for leave in leaves)
        if queue_limit is not None and start > now_ns and waiting >= queue_limit:
            done.append(None)
        elif timeout_ns is not None and start > now_ns + timeout_ns:
            leaves.append(now_ns + timeout_ns)
            done.append(-now_ns - timeout_ns)
        else:
            leaves.append(start)
            ends.append(start + service_ns)
            done.append(start + service_ns)
    return done


@given(
    calls=CALLS,
    count=st.integers(1, 4),
    queue_limit=st.none() | st.integers(0, 3),
    timeout_ns=st.none() | st.integers(0, 8),
)
def test_servers_serve_first_come_first_served(
    calls: Calls, count: int, queue_limit: int | None, timeout_ns: int | None
) -> None:
    """Whatever the arrivals, an oracle that keeps all calls agrees."""
    expected = served_slowly(calls, count, queue_limit, timeout_ns)

    assert served(calls, count, queue_limit, timeout_ns) == expected


def test_a_thousand_million_servers_cost_nothing() -> None:
    """Only those at work are kept."""
    servers = Servers(10**9, None)

    assert [servers.serve(at, 5) for at in range(3)] == [5, 6, 7]


def an_origin_server(**parts: object) -> OriginServer:
    """Return an origin of 100 ns that refuses in 10 ns."""
    fixed = {"latency": a_latency("100ns"), "rejects_in": a_latency("10ns")}
    return OriginServer(**{**fixed, **parts})  # type: ignore[arg-type]


def test_an_admitted_call_takes_its_latency() -> None:
    """Called at 7, done at 107."""
    assert an_origin_server().receive(a_request(), 7)[:2] == (200, 107)


def test_keys_may_have_their_own_latency() -> None:
    """Key 1 takes 3 ns, the others 100 ns."""
    server = an_origin_server(latency_of={1: a_latency("3ns")})
    replies = [server.receive(a_request(key=key), 0) for key in (0, 1)]

    assert [reply.completed_at_ns for reply in replies] == [100, 3]


def test_a_full_queue_is_refused_with_503() -> None:
    """It says nothing of when to come back, even if a 429 would."""
    server = an_origin_server(servers=Servers(1, 0), retry_after_ns=-1)
    replies = [server.receive(a_request(i), 0) for i in range(2)]

    assert [reply[:3] for reply in replies] == [(200, 100, 0), (503, 10, 0)]


def test_a_call_that_waits_too_long_is_answered_503_and_takes_no_server() -> None:
    """One server of 100 ns: the second waits 90 ns, the third would wait 140.

    It leaves 100 ns after it came, at 160; the fourth takes the place that it leaves.
    """
    server = an_origin_server(servers=Servers(1, None, 100))
    replies = [
        server.receive(a_request(i), at) for i, at in enumerate((0, 10, 60, 105))
    ]

    assert [reply[:2] for reply in replies] == [
        (200, 100),
        (200, 200),
        (503, 160),
        (200, 300),
    ]


def test_a_call_that_waits_too_long_has_taken_a_token() -> None:
    """It was admitted before it waited, so the third call is beyond the two allowed."""
    limit = FixedWindow.model_validate({"limit": 2, "per": "1s"})
    limits = [RunningLimit(limit, KEYS)]
    server = an_origin_server(limits=limits, servers=Servers(1, None, 10))
    replies = [server.receive(a_request(i), at) for i, at in enumerate((0, 50, 100))]

    assert [reply.status for reply in replies] == [200, 503, 429]


def test_a_refused_call_does_not_count_against_a_limit() -> None:
    """The queue is full for the second call; the third is within the limit of two."""
    limit = FixedWindow.model_validate({"limit": 2, "per": "1s"})
    server = an_origin_server(limits=[RunningLimit(limit, KEYS)], servers=Servers(1, 0))
    replies = [server.receive(a_request(i), at) for i, at in enumerate((0, 50, 100))]

    assert [reply.status for reply in replies] == [200, 503, 200]


@pytest.mark.parametrize(
    ("retry_after_ns", "said_s"), [(None, 0), (-1, 60), (5 * NS_PER_S, 5)]
)
def test_a_429_says_when_to_come_back_or_not(
    retry_after_ns: int | None, said_s: int
) -> None:
    """Nothing, the time until there is a place in whole seconds, or a fixed time."""
    limit = FixedWindow.model_validate({"limit": 1, "per": "1m"})
    server = an_origin_server(
        limits=[RunningLimit(limit, KEYS)], retry_after_ns=retry_after_ns
    )
    server.receive(a_request(0), 0)
    reply = server.receive(a_request(1), 400_000_000)

    assert reply[:3] == (429, 400_000_010, said_s * NS_PER_S)


def test_the_exact_wait_is_that_of_the_strictest_limit() -> None:
    """Both windows are full: the place comes with the longer one."""
    limits = [
        FixedWindow.model_validate({"limit": 1, "per": per}) for per in ("1s", "1m")
    ]
    server = an_origin_server(
        limits=[RunningLimit(limit, KEYS) for limit in limits], retry_after_ns=-1
    )
    server.receive(a_request(0), 0)

    assert server.receive(a_request(1), 1).retry_after_ns == 60 * NS_PER_S


def a_trouble(*faults: First | FaultWindow | Random) -> FaultInjector:
    """Return faults with their random streams of one run."""
    return FaultInjector(faults, seed=1, keys=["key-0"])


def test_the_first_fault_that_strikes_decides_the_status() -> None:
    """And every one that strikes slows the call down."""
    trouble = a_trouble(
        First.model_validate({"calls": 1, "status": 503, "slower": 2}),
        First.model_validate({"calls": 2, "status": 500, "slower": 3}),
    )
    struck = [trouble.apply(a_request(call), 0, 100, 0)[:3] for call in range(3)]

    assert struck == [(503, 600, 0), (500, 300, 0), (200, 100, 0)]


def test_a_fault_may_only_be_slow() -> None:
    """A status of 200 leaves the answer good."""
    fault = First.model_validate({"calls": 1, "status": 200, "slower": 10})

    assert a_trouble(fault).apply(a_request(), 0, 100, 20)[:3] == (200, 1_000, 200)


def test_a_fault_may_take_its_own_time() -> None:
    """A time-out of 30 s, whatever the usual latency."""
    fault = First.model_validate({"calls": 1, "status": 504, "takes": "30s"})

    served = a_trouble(fault).apply(a_request(), 0, 100, 20)

    assert served[:3] == (504, 30 * NS_PER_S, 0)


def test_two_faults_have_random_streams_of_their_own() -> None:
    """Each place in the list draws by itself."""
    half = Random.model_validate({"probability": "50%", "status": 500})
    other = Random.model_validate({"probability": "50%", "status": 503})
    trouble = a_trouble(half, other)
    statuses = {trouble.apply(a_request(i), 0, 1, 0)[0] for i in range(100)}

    assert statuses == {200, 500, 503}
