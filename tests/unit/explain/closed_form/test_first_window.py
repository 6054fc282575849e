"""The first window is that of the key that is asked for most."""

import numpy as np

from simcoalesce import run
from simcoalesce.explain.closed_form.first_window import (
    FirstBurst,
    FirstWindow,
    busiest,
    mean_of,
    missed_s,
)
from tests.unit.explain.builders import a_scenario

WINDOW_S = 0.1


def first(*overrides: str, seed: int = 1) -> FirstWindow:
    """Return the first window of a run."""
    scenario = a_scenario(*overrides)
    outcomes = run(scenario, seed=seed)
    burst = FirstBurst.of(outcomes, WINDOW_S, busiest(outcomes, scenario.path))
    assert burst is not None
    return FirstWindow.of(outcomes, burst, scenario.path)


def test_it_is_the_window_of_the_busiest_key() -> None:
    """Not that of whichever key happens to be asked for first."""
    keys = "traffic.keys={kind: weighted, weights: {rare: 1, popular: 9}}"

    assert all(first(keys, seed=seed).requests > 150 for seed in range(5))


def test_a_silence_ends_its_burst() -> None:
    """What comes a minute later is another."""
    assert first("traffic.arrivals[0].every=61s", "duration=150s").requests == 200


def test_failed_calls_and_time_outs_are_counted() -> None:
    """They are why an answer was not stored."""
    faulty = first("origin.faults=[{kind: first, calls: 5, status: 500}]")
    slow = first("path=[{timeout: {after: 20ms}}, kv.read, kv.write, origin]")

    assert faulty.failed == 5
    assert slow.given_up > 50


def test_its_misses_are_those_that_are_drawn() -> None:
    """From the first one on, at 0 s."""
    scenario = a_scenario()
    since_s = missed_s(run(scenario, seed=1), WINDOW_S, scenario.path)

    assert len(since_s) == first().misses
    assert since_s[0] == 0
    assert np.all(np.diff(since_s) >= 0)


def test_a_mean_leaves_out_what_a_run_has_not() -> None:
    """A run without an answer says nothing of when answers come."""
    known = first()
    mean = mean_of([known, known._replace(answered_s=None, calls=known.calls + 2)])

    assert mean.answered_s == known.answered_s
    assert mean.calls == known.calls + 1
