"""CSV lines."""

from collections.abc import Callable

import pytest

from simcoalesce.logs.formats.csv import Csv
from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]


@pytest.mark.parametrize(
    ("column", "written", "expected_ns"),
    [
        ("t_s", "0.0000000015", 2),
        ("t_s", "12.000000001", 12_000_000_001),
        ("t_s", "4000000.123456789", 4_000_000_123_456_789),
        ("t_ms", "0.5", 500_000),
        ("t_us", "1e3", 1_000_000),
        ("t_ns", "9007199254740993", 9_007_199_254_740_993),
    ],
)
def test_times_are_exact_to_the_nanosecond(
    log_of: LogOf, column: str, written: str, expected_ns: int
) -> None:
    """Every unit is read to its last digit, beyond what a float can hold."""
    assert log_of(f"{column}\n{written}\n").from_start_ns.tolist() == [expected_ns]


def test_a_key_may_hold_commas_within_quotes(log_of: LogOf) -> None:
    """Quotes are those of CSV."""
    log = log_of('"t_s", key\n1,"a,""b"""\n')

    assert (log.at_ns.tolist(), log.targets) == ([10**9], ((None, 'a,"b"'),))


@pytest.mark.parametrize(
    "line", ["x", "nan", "inf", "1e400", "99999999999", "1,2", '"1', "0x10", "1 2"]
)
def test_a_line_without_a_time_is_refused(log_of: LogOf, line: str) -> None:
    """What is no number, or none that a clock can show, does not parse."""
    with pytest.raises(ValueError, match=r"not a time|out of range|columns|not CSV"):
        log_of(f"t_s\n{line}\n")


@pytest.mark.parametrize("isolate", ["-1", "a", "1.5", "99999999999"])
def test_an_isolate_is_a_number(log_of: LogOf, isolate: str) -> None:
    """Anything but a whole number from 0 on does not parse."""
    with pytest.raises(ValueError, match="isolate"):
        log_of(f"t_s,isolate\n1,{isolate}\n")


def test_what_cannot_be_cells_is_no_csv() -> None:
    """A first line of noise is not recognised, and no error."""
    assert Csv.recognised_ratio(['t_s,"\r\x00']) == 0


@pytest.mark.parametrize(
    "text",
    [
        '"Time","requests"\n1780660800000,12.5\n1780660815000,3\n',
        "Timestamp,User Count,Type,Name,Requests/s\n1780660800,10,,Aggregated,25.0\n",
    ],
)
def test_rows_that_count_requests_are_none(log_of: LogOf, text: str) -> None:
    """Grafana's export, Locust's history: each row would be one request."""
    with pytest.raises(ValueError, match="its rows count requests"):
        log_of(text, "rates.csv")


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        (
            "first,second,url\n2026-06-05T12:00:00Z,2026-06-05T13:00:00Z,/a\n",
            "first, s",
        ),
        ("ts,product\n2026-06-05T12:00:00Z,shoe\n", "product"),
        ("time,url\n12,/a\n", "time"),
    ],
)
def test_a_column_that_is_not_certain_is_asked_for(
    log_of: LogOf, text: str, candidates: str
) -> None:
    """With the candidates; who says where the time is may leave the key open."""
    with pytest.raises(ValueError, match=f"not certain which field is .*{candidates}"):
        log_of(text, "a.csv")


def test_a_cache_trace_counts_seconds(log_of: LogOf) -> None:
    """As libCacheSim's CSV does: a time, an object, a size."""
    log = log_of("time,obj_id,obj_size\n33898,a,512\n33899,b,512\n33899,a,512\n")

    assert log.from_start_ns.tolist() == [0, 10**9, 10**9]
    assert [target.uri for target in log.targets] == ["a", "b"]


def test_a_table_is_a_table_though_its_rows_look_like_access_lines(
    log_of: LogOf,
) -> None:
    """Its header is no bad line, with tabs between the cells."""
    row = "2026-06-05T12:00:00.130Z\tGET\thttps://shop.example/p/1\t200\n"
    log = log_of("timestamp\tmethod\turl\tstatus\n" + 2 * row)

    assert (log.format, log.bad, len(log)) == ("csv", 0, 2)
