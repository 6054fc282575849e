"""Recorded durations: read from a file, or refused with the line."""

from pathlib import Path

import pytest

from simcoalesce.recorded import recorded_durations_ns

MS = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "latency_s\n0.001\n0.0025\n",
        "id,t_us\n7,1000\n8,2500\n",
        "t_ns\n1000000\n\n2500000\n",
        "1ms\n2.5ms\n",
    ],
)
def test_recorded_durations_have_a_column_with_a_unit(
    tmp_path: Path, text: str
) -> None:
    """Or a unit on each line."""
    path = tmp_path / "recorded.csv"
    path.write_text(text, "utf-8")

    assert recorded_durations_ns(path) == [MS, 2_500_000]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "recorded.csv holds no duration"),
        ("latency_ms\n", "recorded.csv holds no duration"),
        ("latency_ms\n10\nfast\n", "recorded.csv:3: could not convert"),
        ("id,latency_ms\n1,10\n2\n", "recorded.csv:3: list index"),
        ("latency_ms\n-1\n", "recorded.csv:2: -1 is out of range"),
        ("latency_ms\ninf\n", "recorded.csv:2: cannot convert float infinity"),
        ("latency_ms\nnan\n", "recorded.csv:2: cannot convert float NaN"),
        ("10\n20\n", 'recorded.csv:1: "10" is not a duration'),
    ],
)
def test_a_bad_record_is_refused_with_its_line(
    tmp_path: Path, text: str, message: str
) -> None:
    """The message leads to the place."""
    path = tmp_path / "recorded.csv"
    path.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=message):
        recorded_durations_ns(path)
