"""Rate limits: each against an oracle that remembers every call."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from simcoalesce.model.rate_limit import RateLimit, RateLimits, presets, window_of

# Instants on a grid of 5 ns, full of ties, so that every boundary is met.
GAPS = st.lists(st.sampled_from([0, 0, 5, 5, 10, 15, 40, 100]), max_size=40)
Oracle = Callable[[list[tuple[int, int]], int], bool]


def a_limit(**written: Any) -> RateLimit:
    """Return a rate limit, written as a scenario writes it."""
    limit: RateLimit = TypeAdapter(RateLimit).validate_python(written)
    return limit


def admitted(limit: RateLimit, gaps_ns: list[int], *, lasts_ns: int = 20) -> list[bool]:
    """Return which of the calls are admitted."""
    limiter, now_ns, verdicts = limit.limiter(), 0, list[bool]()
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        verdicts.append(limiter.wait_ns(now_ns) == 0)
        if verdicts[-1]:
            limiter.take(now_ns, now_ns + lasts_ns)
    return verdicts


def admitted_slowly(
    oracle: Oracle, gaps_ns: list[int], *, lasts_ns: int = 20
) -> list[bool]:
    """Return the same from the list of all (start, end) admitted so far."""
    now_ns, taken, verdicts = 0, list[tuple[int, int]](), list[bool]()
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        verdicts.append(oracle(taken, now_ns))
        if verdicts[-1]:
            taken.append((now_ns, now_ns + lasts_ns))
    return verdicts


def window(taken: list[tuple[int, int]], now_ns: int) -> bool:
    """Three in each window of 50 ns."""
    return sum(start // 50 == now_ns // 50 for start, _ in taken) < 3


def sliding(taken: list[tuple[int, int]], now_ns: int) -> bool:
    """Three in the last 50 ns, half-open."""
    return sum(start > now_ns - 50 for start, _ in taken) < 3


def slots(taken: list[tuple[int, int]], now_ns: int) -> bool:
    """Three under way, half-open."""
    return sum(end > now_ns for _, end in taken) < 3


def bucket(taken: list[tuple[int, int]], now_ns: int) -> bool:
    """Three tokens, one more every 10 ns: tokens counted in tenths, step by step."""
    tenths, last = 30, 0
    for start, _ in taken:
        tenths = min(30, tenths + start - last) - 10
        last = start
    return min(30, tenths + now_ns - last) >= 10


def shifted(taken: list[tuple[int, int]], now_ns: int) -> bool:
    """Three in a window of 50 ns, the first of which ends at 20 ns."""
    return window([(start + 30, end) for start, end in taken], now_ns + 30)


CASES: list[tuple[dict[str, Any], Oracle]] = [
    ({"kind": "fixed_window", "limit": 3, "per": "50ns"}, window),
    ({"kind": "fixed_window", "limit": 3, "per": "50ns", "offset": "80ns"}, shifted),
    ({"kind": "sliding_window", "limit": 3, "per": "50ns"}, sliding),
    ({"kind": "concurrency", "limit": 3}, slots),
    ({"kind": "token_bucket", "burst": 3, "rate": "1/10ns"}, bucket),
    ({"kind": "leaky_bucket", "bucket": 3, "leak": "1/10ns"}, bucket),
]
KINDS = [case[0]["kind"] for case in CASES]
KINDS[1] += "_with_an_offset"


@pytest.mark.parametrize(("written", "oracle"), CASES, ids=KINDS)
@given(gaps_ns=GAPS)
def test_a_limit_admits_what_its_oracle_admits(
    written: dict[str, Any], oracle: Oracle, gaps_ns: list[int]
) -> None:
    """Call by call, on a grid of ties."""
    assert admitted(a_limit(**written), gaps_ns) == admitted_slowly(oracle, gaps_ns)


@pytest.mark.parametrize(("written", "oracle"), CASES, ids=KINDS)
@given(gaps_ns=GAPS)
def test_the_wait_of_a_refused_call_is_exact(
    written: dict[str, Any], oracle: Oracle, gaps_ns: list[int]
) -> None:
    """After it, and not one nanosecond earlier, a call is admitted."""
    limiter, now_ns, taken = a_limit(**written).limiter(), 0, list[tuple[int, int]]()
    for gap_ns in gaps_ns:
        now_ns += gap_ns
        wait_ns = limiter.wait_ns(now_ns)
        if wait_ns:
            assert oracle(taken, now_ns + wait_ns)
            assert not oracle(taken, now_ns + wait_ns - 1)
        else:
            limiter.take(now_ns, now_ns + 20)
            taken.append((now_ns, now_ns + 20))


@pytest.mark.parametrize("written", [case[0] for case in CASES], ids=KINDS)
@given(gaps_ns=GAPS)
def test_a_limit_never_admits_more_than_its_allowance(
    written: dict[str, Any], gaps_ns: list[int]
) -> None:
    """In [0, until) for the instant after each call."""
    limit, now_ns, count = a_limit(**written), 0, 0
    verdicts = admitted(limit, gaps_ns)
    for gap_ns, verdict in zip(gaps_ns, verdicts, strict=True):
        now_ns, count = now_ns + gap_ns, count + verdict
        allowance = limit.allowance(now_ns + 1)

        assert allowance is None or count <= allowance


@pytest.mark.parametrize(
    ("written", "allowance"),
    [
        ({"kind": "fixed_window", "limit": 1200, "per": "5m"}, 2 * 1200),
        (
            {"kind": "fixed_window", "limit": 1200, "per": "5m", "offset": "299500ms"},
            3 * 1200,
        ),
        ({"kind": "sliding_window", "limit": 1200, "per": "5m"}, 2 * 1200),
        ({"kind": "token_bucket", "burst": 40, "rate": "2/s"}, 40 + 2 * 301),
        ({"kind": "leaky_bucket", "bucket": 40, "leak": "2/s"}, 40 + 2 * 301),
        ({"kind": "concurrency", "limit": 5}, None),
    ],
    ids=KINDS[:3] + KINDS[4:] + KINDS[3:4],
)
def test_an_allowance_is_what_a_rule_can_admit_at_most(
    written: dict[str, Any], allowance: float | None
) -> None:
    """In 301 s; unknown where it depends on how long calls take."""
    assert a_limit(**written).allowance(301 * 10**9) == allowance


@given(gaps_ns=GAPS, burst=st.integers(1, 5), interval_ns=st.integers(1, 20))
def test_a_leaky_bucket_admits_what_a_token_bucket_admits(
    gaps_ns: list[int], burst: int, interval_ns: int
) -> None:
    """As a meter it is the same rule, seen from the other side."""
    rate = f"1/{interval_ns}ns"
    tokens = a_limit(kind="token_bucket", burst=burst, rate=rate)
    leak = a_limit(kind="leaky_bucket", bucket=burst, leak=rate)

    assert admitted(tokens, gaps_ns) == admitted(leak, gaps_ns)


def test_a_slot_is_free_at_the_instant_that_a_call_ends() -> None:
    """Calls of 20 ns, one at a time: half-open."""
    limit = a_limit(kind="concurrency", limit=1)

    assert admitted(limit, [0, 19, 1]) == [True, False, True]


def test_states_of_two_runs_are_apart() -> None:
    """A limit is a rule; each run has its own state."""
    limit = a_limit(kind="fixed_window", limit=1, per="1h")

    assert admitted(limit, [0, 1]) == admitted(limit, [0, 1]) == [True, False]


def test_every_preset_is_a_valid_list_of_limits() -> None:
    """They are written as a scenario would write them, each with its source."""
    adapter: TypeAdapter[tuple[RateLimit, ...]] = TypeAdapter(RateLimits)

    assert all(adapter.validate_python(name) for name in presets())


@pytest.mark.parametrize("ask", [RateLimit.limiter, lambda idea: idea.allowance(0)])
def test_an_idea_is_no_limit(ask: Callable[[RateLimit], object]) -> None:
    """Each member says what it admits."""
    with pytest.raises(NotImplementedError):
        ask(RateLimit.model_construct(kind="idea"))


@pytest.mark.parametrize(("limits", "window_s"), [((0, 1, 2), 60), ((0, 1), 0)])
def test_only_a_limit_of_all_calls_gives_the_window(
    limits: tuple[int, ...], window_s: int
) -> None:
    """A bucket has none, and calls for each key are others than all."""
    known = TypeAdapter[tuple[RateLimit, ...]](RateLimits).validate_python(
        [
            {"kind": "leaky_bucket", "bucket": 40, "leak": "2/s"},
            {"kind": "fixed_window", "limit": 1, "per": "1s", "for_each": "key"},
            {"kind": "sliding_window", "limit": 900, "per": "1m"},
        ]
    )

    assert window_of([known[number] for number in limits]) == window_s * 10**9
