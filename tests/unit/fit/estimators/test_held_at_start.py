"""What a cache held when its log began."""

from simcoalesce.logs.cache_status import CacheStatus
from tests.fit_logs import a_log, fetch, found_in, hit

EXPIRED = CacheStatus.EXPIRED


def test_a_key_that_is_hit_at_first_was_held() -> None:
    """`/cold` was not; of `/warm` the last hit is at 2 s, the renewal at 4 s."""
    log = a_log(
        [
            fetch(0.2, uri="/cold"),
            hit(5.9, "/cold"),
            fetch(6.5, uri="/cold", cache=EXPIRED),
            hit(1, "/warm"),
            hit(2, "/warm"),
            fetch(4, uri="/warm", cache=EXPIRED),
        ]
    )
    held = found_in(log, "held_at_start").sets["lock.initial"]

    assert held["keys"] == ["shop.example/warm"]
    # The ttl is 5 s to the end of a second: 5.5 s less (2 + 4) / 2 - 0.2 = 2.8 s.
    assert held["age"]["replay"].content == b"age_s\n2.700\n"


def test_a_log_that_begins_cold_held_nothing() -> None:
    """Each key is fetched first."""
    log = a_log([fetch(0), hit(1), fetch(9, cache=EXPIRED)])

    assert found_in(log, "held_at_start") is None
