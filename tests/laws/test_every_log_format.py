"""Every log format reads its own example, and no other format takes it."""

from pathlib import Path

import pytest

from simcoalesce.logs.log_format import LogFormat, log_formats
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from tests.rendered_logs import START_NS

EACH = pytest.mark.parametrize("log_format", log_formats(), ids=lambda one: one.kind)


def written(log_format: type[LogFormat], folder: Path) -> LogSpec:
    """Write the example of a format, and return how it is read unaided."""
    (folder / "log").write_text(f"{log_format.example}\n", encoding="utf-8")
    return LogSpec.model_validate({"file": "log"}, context={"folder": folder})


@EACH
def test_an_example_is_of_its_own_format(
    log_format: type[LogFormat], tmp_path: Path
) -> None:
    """Each is told from all others by its first lines."""
    log = read_log(written(log_format, tmp_path))

    assert (log.format, log.bad, log.warnings) == (log_format.kind, 0, ())


@EACH
def test_an_example_holds_a_request(
    log_format: type[LogFormat], tmp_path: Path
) -> None:
    """About noon of one day; or it counts from a start, or is of a trace of 2007."""
    log = read_log(written(log_format, tmp_path))

    at_ns = int(log.at_ns[-1])
    is_noon = abs(at_ns - START_NS) <= 250_000_000
    assert is_noon or at_ns < 1_000_000_000 or log_format.kind == "wikipedia_2007"


@EACH
def test_an_example_says_what_is_asked_for(
    log_format: type[LogFormat], tmp_path: Path
) -> None:
    """But for hey's, which asks for one URL and does not write it."""
    log = read_log(written(log_format, tmp_path))

    assert (log.targets == ()) == (log_format.kind == "hey")


HALF = '[05/Jun/2026:12:00:00 +0000] "GET /a host=a uri=/a rt= [' + "/a:1 - " * 9


@EACH
def test_a_hostile_line_is_over_at_once(
    log_format: type[LogFormat], tmp_path: Path
) -> None:
    """Of many half matches: it takes no longer than its length."""
    spec = written(log_format, tmp_path)
    with (tmp_path / "log").open("a", encoding="utf-8") as file:
        file.write(f"{(HALF * 700)[:65_000]}\n{('a|' * 40_000)[:65_000]}\n")
    allowed = spec.model_copy(
        update={"bad_lines_ratio": 1.0, "format": log_format.kind}
    )

    assert read_log(LogSpec.model_validate(allowed.document() | {"file": spec.file}))


@EACH
def test_a_format_says_where_it_is_documented(log_format: type[LogFormat]) -> None:
    """With the day on which that was read."""
    assert log_format.source
    assert "read 2026-" in log_format.source or "simcoalesce/" in log_format.source
    assert log_format.expects
