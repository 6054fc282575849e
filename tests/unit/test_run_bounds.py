"""What no run passes."""

import pytest

from simcoalesce import Scenario, run
from simcoalesce.run_bounds import (
    HORIZON_NS,
    MOST_LOOKS,
    HorizonError,
    check_instant,
    check_looks,
    too_many_events,
)


def test_the_last_instant_is_the_one_before_the_horizon() -> None:
    """2^62 ns are 146 years, and a hundred more still fit in 64 bits."""
    check_instant(HORIZON_NS - 1)

    with pytest.raises(HorizonError, match=r"146 years \(2\^62 ns\); write shorter"):
        check_instant(HORIZON_NS)


def test_whoever_waits_may_look_so_often_and_no_more() -> None:
    """Without a limit of the wait, nobody knows before the run."""
    check_looks(1, MOST_LOOKS)
    check_looks(1, None)

    with pytest.raises(ValueError, match="that is 100,000,001 times, at most"):
        check_looks(1, MOST_LOOKS + 1)


def test_a_run_with_too_many_events_is_told_what_to_change() -> None:
    """As one with too many requests is."""
    assert "lower the rates, the duration or the attempts" in str(too_many_events())


def test_clients_who_wait_for_answers_send_so_much_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One user who thinks for 1 ns, and is answered from memory, would send 10^9."""
    monkeypatch.setattr("simcoalesce.model.arrivals.MOST_SENT", 100)
    quick = Scenario.parse(
        "version: 1\nduration: 1s\npath: [memory, origin]\norigin: {latency: 1ms}\n"
        "traffic: {arrivals: [{kind: users, users: 1, think: 1ns}]}\n"
    )

    with pytest.raises(ValueError, match="in one run; that would take hours: let them"):
        run(quick)
