"""Caching metrics count lookups, roles and ages."""

from collections.abc import Callable

from simcoalesce.metrics import METRICS, caching, measure
from simcoalesce.metrics.tally import Tally
from simcoalesce.outcomes import Lookup, Outcomes, Role
from simcoalesce.units import NS_PER_S

ARun = Callable[..., Outcomes]

_LOOKUPS = [Lookup.MISS, Lookup.MISS, Lookup.HIT, Lookup.STALE]


def test_an_error_is_a_status_of_400_or_above(a_run: ARun) -> None:
    """Redirects are answers; client and server errors are not."""
    run = a_run(requests=[{"status": status} for status in (200, 304, 400, 429, 504)])

    assert (caching.requests(Tally.of(run)), caching.errors(Tally.of(run))) == (5, 3)


def test_every_request_is_a_cache_hit_a_miss_or_stale(a_run: ARun) -> None:
    """The three lookups are counted apart."""
    run = a_run(requests=[{"lookup": lookup} for lookup in _LOOKUPS])
    counts = caching.cache_hits, caching.cache_misses, caching.stale_served

    assert [count(Tally.of(run)) for count in counts] == [1, 2, 1]


def test_a_stale_answer_is_no_cache_hit(a_run: ARun) -> None:
    """The hit ratio counts fresh values only."""
    run = a_run(requests=[{"lookup": lookup} for lookup in _LOOKUPS])

    assert caching.hit_ratio(Tally.of(run)) == 0.25


def test_who_asks_no_cache_neither_hits_nor_misses(a_run: ARun) -> None:
    """One hit of four who ask, and four POSTs beside them."""
    lookups = [*_LOOKUPS, *[Lookup.BYPASS] * 4]
    tally = Tally.of(a_run(requests=[{"lookup": lookup} for lookup in lookups]))

    assert (caching.cache_bypasses(tally), caching.cache_misses(tally)) == (4, 2)
    assert caching.hit_ratio(tally) == 0.25


def test_there_is_no_hit_ratio_where_nobody_asks_a_cache(a_run: ARun) -> None:
    """All are POSTs."""
    tally = Tally.of(a_run(requests=[{"lookup": Lookup.BYPASS}] * 3))

    assert (caching.hit_ratio(tally), caching.cache_misses(tally)) == (None, 0)


def test_the_coalescing_ratio_is_of_flights_only(a_run: ARun) -> None:
    """Requests that neither fetched nor waited do not dilute it."""
    roles = [Role.LEADER, Role.FOLLOWER, Role.FOLLOWER, Role.FOLLOWER, Role.NONE]
    run = a_run(requests=[{"role": role} for role in roles])

    assert caching.coalescing_ratio(Tally.of(run)) == 0.75


def test_leaders_and_followers_are_counted_apart(a_run: ARun) -> None:
    """A miss that fetches is a leader, one that waits a follower."""
    run = a_run(requests=[{"role": role} for role in (1, 2, 2, 0)])

    assert (caching.leaders(Tally.of(run)), caching.followers(Tally.of(run))) == (1, 2)


def test_the_error_ratio_is_of_all_requests(a_run: ARun) -> None:
    """One refusal among four requests is a quarter."""
    run = a_run(requests=[{}, {}, {}, {"status": 429}])

    assert caching.error_ratio(Tally.of(run)) == 0.25


def test_ratios_of_nothing_do_not_exist(a_run: ARun) -> None:
    """A share of no requests is None, not zero."""
    run = a_run()

    assert (
        caching.hit_ratio(Tally.of(run)),
        caching.coalescing_ratio(Tally.of(run)),
    ) == (None, None)


def test_the_miss_window_is_that_of_the_largest_stampede(a_run: ARun) -> None:
    """The longest window does not count if it holds fewer misses."""
    run = a_run(requests=_windows([(2, 9), (3, 1)]))

    assert caching.miss_window_s(Tally.of(run)) == 3.0


def test_of_equal_stampedes_the_first_gives_the_window(a_run: ARun) -> None:
    """A tie goes to the window that opened first."""
    run = a_run(requests=_windows([(2, 5), (2, 1)]))

    assert caching.miss_window_s(Tally.of(run)) == 6.0


def test_the_largest_stampede_is_counted_in_misses(a_run: ARun) -> None:
    """Its size is the number of misses in one window."""
    run = a_run(requests=_windows([(2, 9), (3, 1)]))

    assert caching.stampede_size_max(Tally.of(run)) == 3


def test_a_window_that_never_closed_has_no_length(a_run: ARun) -> None:
    """If nothing hit afterwards, how long it was open is not known."""
    run = a_run(requests=[{"at": 0}, {"at": 1}])

    assert (
        caching.miss_window_s(Tally.of(run)),
        caching.stampede_size_max(Tally.of(run)),
    ) == (None, 2)


def test_without_misses_there_is_no_stampede(a_run: ARun) -> None:
    """A run of cache hits has size zero and no window."""
    run = a_run(requests=[{"lookup": Lookup.HIT}])

    assert (
        caching.miss_window_s(Tally.of(run)),
        caching.stampede_size_max(Tally.of(run)),
    ) == (None, 0)


def _windows(sizes_and_gaps: list[tuple[int, int]]) -> list[dict[str, int]]:
    """Return windows of so many misses a second apart, then a cache hit after a gap."""
    rows: list[dict[str, int]] = []
    at = 0
    for size, gap in sizes_and_gaps:
        for _ in range(size):
            rows.append({"at": at * NS_PER_S, "lookup": Lookup.MISS})
            at += 1
        at += gap - 1
        rows.append({"at": at * NS_PER_S, "lookup": Lookup.HIT})
        at += 1
    return rows


def test_fresh_and_stale_answers_have_an_age(a_run: ARun) -> None:
    """Ages of 2, 4 and 9 s; the fourth came from the origin, the fifth is an error."""
    hits = [{"age": age * NS_PER_S, "lookup": Lookup.HIT} for age in (2, 4)]
    stale = {"age": 9 * NS_PER_S, "lookup": Lookup.STALE}
    error = {"age": 50 * NS_PER_S, "lookup": Lookup.HIT, "status": 503}

    measured = measure(a_run(requests=[*hits, stale, {}, error]))

    assert (measured["age_p50_s"], measured["age_max_s"]) == (4.0, 9.0)
    assert measured["age_p99_s"] is None
    assert METRICS["age_p99_s"].missing == "fewer than 100 answers came from a cache"


def test_without_a_cached_answer_there_is_no_age(a_run: ARun) -> None:
    """What comes from the origin is as old as it is made: it says no age."""
    assert measure(a_run(requests=[{}]))["age_max_s"] is None
