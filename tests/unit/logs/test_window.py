"""Which part of a log counts."""

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
LINES = "".join(
    f'{{"time": "2026-06-05T12:00:{i:02}.001Z", "key": "/{i % 7}"}}\n'
    for i in range(60)
)


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        ({"from": "10s"}, range(10, 60)),
        ({"from": "10s", "until": "12s"}, [10, 11]),
        ({"until": "2026-06-05T12:00:03Z"}, [0, 1, 2]),
        ({"from": "2026-06-05 14:00:58", "timezone": "+02:00"}, [58, 59]),
    ],
)
def test_moments_are_instants_or_durations(
    log_of: LogOf, words: dict[str, Any], seconds: Any
) -> None:
    """A duration counts from the first request."""
    log = log_of(LINES, **words)

    assert (log.at_ns // 10**9 % 60).tolist() == list(seconds)


def test_a_run_begins_where_the_window_does(log_of: LogOf) -> None:
    """The first request comes a millisecond after noon and 58 s."""
    log = log_of(LINES, **{"from": "2026-06-05T12:00:58Z"})

    assert log.from_start_ns.tolist() == [1_000_000, 1_001_000_000]
    assert dict(log.left_out) == {"from": 58}


def test_a_sample_of_keys_has_all_their_requests(log_of: LogOf) -> None:
    """The same keys every time."""
    log = log_of(LINES, sample="50%")
    keys = {target.uri for target in log.targets}
    taken = {log.targets[code].uri for code in log.target}

    assert 0 < len(taken) < len(keys) == 7
    expected = sum(f"/{i % 7}" in taken for i in range(60))
    assert len(log) == expected == 60 - log.left_out["sample"]


def test_a_sample_of_requests_has_some_of_all_keys(log_of: LogOf) -> None:
    """Half of sixty, give or take four deviations."""
    log = log_of(LINES, sample={"ratio": "50%", "by": "request"})

    assert 15 <= len(log) <= 45


@pytest.mark.parametrize(
    "words",
    [{"sample": "0%"}, {"sample": {"by": "key"}}, {"from": "noon"}, {"until": 3}],
)
def test_impossible_parts_are_refused(log_of: LogOf, words: dict[str, Any]) -> None:
    """The message says what to write."""
    with pytest.raises(ValidationError, match=r"[Ww]rite|no requests"):
        log_of(LINES, **words)


def test_a_count_has_no_date(log_of: LogOf) -> None:
    """Instants of a run are named by durations."""
    with pytest.raises(ValueError, match="write a duration"):
        log_of("t_s\n1\n", until="2026-06-05T12:00:03Z")
