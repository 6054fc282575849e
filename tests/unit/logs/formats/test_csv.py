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
