"""Recorded durations: read from a file, or refused with the line."""

import gzip
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


@pytest.mark.parametrize(
    ("text", "durations"),
    [
        ("t_s,latency_ms\n0,10\n337,20\n", [10, 20]),
        ("arrived_at_s,completed_at_s,latency_s,age_s\n1,2,0.01,\n", [10]),
        ("when;elapsed_ms\n2026-06-05;10\n", [10]),
        ("id\tdb_ms\n1\t10\n", [10]),
        ("duration\n10ms\n20ms\n", [10, 20]),
        ("request_time\n0.010\n", [10]),
        ("t_ms\n30\n10\n20\n40\n50\n60\n70\n80\n", [30, 10, 20, 40, 50, 60, 70, 80]),
    ],
)
def test_the_column_whose_name_says_a_duration_is_read(
    tmp_path: Path, text: str, durations: list[int]
) -> None:
    """Instants of arrival beside it are none, whatever their unit."""
    path = tmp_path / "recorded.csv"
    path.write_text(text, "utf-8")

    assert recorded_durations_ns(path) == [one * MS for one in durations]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("db_ms,api_ms\n1,2\n", "which column holds the durations: db_ms, api_ms"),
        ("latency_ms,elapsed_ms\n1,2\n", "durations: latency_ms, elapsed_ms"),
        ("a,b\n1,2\n", "which column holds the durations: a, b; write"),
        ("latency\n10\n", 'what the numbers of "latency" count'),
        ("t_s\n1\n2\n3\n4\n5\n6\n7\n8\n", "looks like instants of arrival"),
        ("t_s,end_s\n1,2\n", "durations: t_s, end_s"),
    ],
)
def test_an_uncertain_column_is_asked_for(
    tmp_path: Path, text: str, message: str
) -> None:
    """With the candidates, and how to say it."""
    path = tmp_path / "recorded.csv"
    path.write_text(text, "utf-8")

    with pytest.raises(ValueError, match=message):
        recorded_durations_ns(path)


@pytest.mark.parametrize(
    ("text", "column", "unit", "expected"),
    [
        ("db_ms,api_ms\n1,2\n", "api_ms", "", 2 * MS),
        ("latency\n10\n", "latency", "us", 10_000),
        ("t_s\n1\n2\n3\n4\n5\n6\n7\n8\n", "t_s", "", 1_000 * MS),
        ("10\n", "", "ms", 10 * MS),
    ],
)
def test_a_column_and_a_unit_may_be_said(
    tmp_path: Path, text: str, column: str, unit: str, expected: int
) -> None:
    """What is said is not asked for."""
    path = tmp_path / "recorded.csv"
    path.write_text(text, "utf-8")

    assert recorded_durations_ns(path, column=column, unit=unit)[0] == expected


def test_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The message lists the columns."""
    path = tmp_path / "recorded.csv"
    path.write_text("a_ms,b_ms\n1,2\n", "utf-8")

    with pytest.raises(ValueError, match=r'no column "c_ms"; there are: a_ms, b_ms'):
        recorded_durations_ns(path, column="c_ms")


def test_a_file_of_durations_may_be_compressed(tmp_path: Path) -> None:
    """As any log."""
    path = tmp_path / "recorded.csv.gz"
    path.write_bytes(gzip.compress(b"latency_ms\n10\n"))

    assert recorded_durations_ns(path) == [10 * MS]


NGINX = '1780660800.{} 192.0.2.7 a.example "GET /p HTTP/1.1" 200 0.{} {}\n'


def test_a_log_says_how_long_requests_took(tmp_path: Path) -> None:
    """In the order of their starts."""
    path = tmp_path / "access.log"
    path.write_text(NGINX.format(500, 400, "MISS") + NGINX.format(400, 100, "HIT"))

    assert recorded_durations_ns(path) == [400 * MS, 100 * MS]


@pytest.mark.parametrize(
    ("column", "expected"),
    [("duration", 130), ("origin_duration", 128)],
)
def test_of_a_log_with_an_origin_it_is_said_which_is_meant(
    tmp_path: Path, column: str, expected: int
) -> None:
    """A request takes longer than the origin, a hit much less."""
    path = tmp_path / "access.log"
    path.write_text(NGINX.format(500, 130, "0.128"), "utf-8")

    assert recorded_durations_ns(path, column=column) == [expected * MS]
    with pytest.raises(ValueError, match="column: origin_duration"):
        recorded_durations_ns(path)


def test_a_log_without_durations_is_refused(tmp_path: Path) -> None:
    """The message says what it is."""
    path = tmp_path / "access.log"
    path.write_text('h - - [05/Jun/2026:12:00:00 +0000] "GET / HTTP/1.1" 200 1\n')

    with pytest.raises(ValueError, match=r"access.log \(combined\) holds no duration"):
        recorded_durations_ns(path)
    with pytest.raises(ValueError, match='not "took"'):
        recorded_durations_ns(path, column="took")


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    """Longer than the csv module takes by default."""
    path = tmp_path / "recorded.csv"
    path.write_text(f'latency_ms,said\n1,"{"x" * 200_000}"\n', "utf-8")

    assert recorded_durations_ns(path) == [MS]
