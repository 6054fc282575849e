"""Two logs as two phases."""

from collections.abc import Callable

import pytest

from simcoalesce.spec import InputFile
from simcoalesce.traffic import GeneratedTraffic

TrafficOf = Callable[..., GeneratedTraffic]
LogFile = Callable[..., InputFile]
ONE = {"kind": "replay", "file": "a.log"}
OTHER = {"kind": "replay", "file": "b.log"}


@pytest.fixture(autouse=True)
def rotated(log_file: LogFile) -> None:
    """Write the logs of two hours."""
    for name, hour in (("a.log", 12), ("b.log", 13)):
        stamp = f"05/Jun/2026:{hour}:00:00 +0000"
        log_file(name, f'h - - [{stamp}] "GET / HTTP/1.1" 200 1\n')


def test_rotated_files_are_no_two_phases(traffic_of: TrafficOf) -> None:
    """Both would begin at once; the message says what to write, and that works."""
    with pytest.raises(
        ValueError, match=r"b\.log begins 60m after .*: \[a\.log, b\.log\]"
    ):
        traffic_of({"arrivals": [ONE, OTHER]}, duration="2h")

    both = {"kind": "replay", "file": ["b.log", "a.log"], "spread": "0ms"}
    (chunk,) = traffic_of({"arrivals": [both]}, duration="2h").chunks
    assert chunk.arrived_at_ns.tolist() == [0, 3_600 * 10**9]


def test_who_means_it_says_when_each_begins(traffic_of: TrafficOf) -> None:
    """Then two days may come on top of each other."""
    (chunk,) = traffic_of({"arrivals": [ONE | {"at": "0ms"}, OTHER]}).chunks

    assert len(chunk) == 2
