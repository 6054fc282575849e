"""Progress: on stderr, when it lasts, and gone when it is over."""

import sys

import pytest

from simcoalesce.cli import progress
from simcoalesce.cli.progress import Progress


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a clock whose last element is the time."""
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[-1])
    return now


def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make stderr a terminal."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


def test_a_short_run_shows_none(
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Half a second is not worth a line."""
    terminal(monkeypatch)
    shown = Progress(is_wanted=True)
    clock.append(0.4)
    shown(1, 30)
    shown.clear()

    assert capsys.readouterr() == ("", "")


def test_a_terminal_has_one_line_that_is_redrawn_and_removed(
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """How far it is, how long it will take, and nothing of it at the end."""
    terminal(monkeypatch)
    shown = Progress(is_wanted=True)
    clock.append(2.0)
    shown(10, 30)
    shown.clear()

    assert capsys.readouterr().err == (
        "\r  10 of 30 replications · 4 s to go\x1b[K\r\x1b[K"
    )


def test_what_has_no_known_end_is_only_counted(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """An explanation does not know beforehand how many runs it takes."""
    shown = Progress(is_wanted=True, of_what="runs")
    clock.append(11.0)
    shown(1_200)

    assert capsys.readouterr().err == "  1,200 runs\n"


def test_a_log_gets_a_line_every_ten_seconds(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    """Without escape codes."""
    shown = Progress(is_wanted=True)
    for second in range(1, 31):
        clock.append(float(second))
        shown(second, 100)

    assert capsys.readouterr().err.splitlines() == [
        "  10 of 100 replications · 90 s to go",
        "  20 of 100 replications · 80 s to go",
        "  30 of 100 replications · 70 s to go",
    ]


def test_quiet_is_quiet(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever it lasts."""
    shown = Progress(is_wanted=False)
    clock.append(1_000.0)
    shown(1, 30)
    shown.clear()

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (1, "  25% of the run · 36 s to go\n"),
        (2, "  0.2 of 2 replications · 84 s to go\n"),
    ],
)
def test_a_long_run_says_how_far_it_is(
    clock: list[float], capsys: pytest.CaptureFixture[str], of: int, expected: str
) -> None:
    """A share of one replication, while it is simulated."""
    shown = Progress(is_wanted=True)
    clock.append(12.0)
    shown(0.25, of)

    assert capsys.readouterr().err == expected


def test_of_several_things_each_has_its_own_time(
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The second began after 100 s: it has had 2 s, and takes as long again."""
    terminal(monkeypatch)
    shown = Progress()
    clock.append(100.0)
    shown.restart()
    clock.append(102.0)
    shown(10, 20)

    assert "10 of 20 replications · 2 s to go" in capsys.readouterr().err
