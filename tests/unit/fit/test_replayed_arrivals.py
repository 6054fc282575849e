"""The arrivals of a log as a file of their own."""

import gzip

from simcoalesce.fit.replayed_arrivals import arrivals_csv, duration_of, replay_phase
from simcoalesce.logs.key_rule import KeyRule
from tests.unit.fit.builders import S, a_log

LOG = a_log([5.0, 5.25, 6.0], ["/a", "/b,c", "/a"], ["GET", "POST", "GET"])


def test_it_holds_starts_keys_and_methods() -> None:
    """Times count from the first request, in the coarsest unit that loses nothing."""
    text = arrivals_csv(LOG, *LOG.keys(KeyRule()))

    assert text.splitlines() == [
        "t_ms,key,method",
        "0,/a,GET",
        '250,"/b,c",POST',
        "1000,/a,GET",
    ]


def test_a_log_of_gets_has_no_column_of_methods() -> None:
    """Whole seconds stay whole seconds."""
    log = a_log([0.0, 1.0], stamp_ns=S)

    assert arrivals_csv(log, *log.keys(KeyRule())) == "t_s,key\n0,/a\n1,/a\n"


def test_coarse_stamps_are_spread() -> None:
    """And the same log gives the same bytes."""
    log = a_log([0.0, 1.0], stamp_ns=S)
    phase, again = (replay_phase(log, *log.keys(KeyRule())) for _ in range(2))

    assert phase["spread"] == "1s"
    assert gzip.decompress(phase["file"].content).startswith(b"t_s,key")
    assert phase == again
    assert "spread" not in replay_phase(LOG, *LOG.keys(KeyRule()))


def test_a_scenario_ends_after_the_last_request() -> None:
    """At the next tenth of a second; of longer logs, at the next second."""
    assert duration_of(a_log([0.0, 1.21])) == "1300ms"
    assert duration_of(a_log([0.0, 59.21])) == "60s"
    assert duration_of(a_log([0.0, 59.0], stamp_ns=S)) == "60s"
