"""simcoalesce inspect: what a log says, and the YAML that reads it."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.yaml.node import plain
from tests.cli.command_line import command
from tests.rendered_logs import FORMATS, content
from tests.unit.scenario.builders import a_table


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_the_yaml_reads_the_log_in_the_same_way(name: str) -> None:
    """It can be pasted: the same instants, keys and methods."""
    Path(name).write_bytes(content(name))
    seen = json.loads(command("inspect", name, "--json").out)
    (arrival,) = plain(a_table(seen["yaml"]))["arrivals"]
    arrival.pop("kind")
    spec = LogSpec.model_validate(arrival)
    log = read_log(spec)
    other = read_log(LogSpec.model_validate({"file": name, "key": ["host", "path"]}))

    assert np.array_equal(log.at_ns, other.at_ns)
    assert (log.targets, log.methods, log.fields) == (
        *(other.targets, other.methods, other.fields),
    )
    codes, names = log.keys(spec.key_rule)
    counts = seen["keys"]["first"]
    assert {n: int((codes == i).sum()) for i, n in enumerate(names)} == counts


def test_what_was_understood_is_shown() -> None:
    """Format, fields, span, rate, keys, statuses, bad lines, assumptions, YAML."""
    text = content("nginx_msec_first.log") + b"rubbish\n"
    Path("access.log").write_bytes(text)

    ran = command("inspect", "access.log")

    assert ran.code == 0
    for shown in (
        *("access_line", "12 requests in 5,125 ms", "5 in the second from"),
        *("shop.example/p/1", "42 %", "MISS", "404", "duration  duration"),
        *("1 of 13 lines do not parse", "line 13: not a line", "nginx wrote it"),
        *("the logged ends less the durations", "    - kind: replay"),
    ):
        assert shown in ran.out


def test_it_fits_into_sixty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """But for names that are longer."""
    monkeypatch.setenv("COLUMNS", "60")
    Path("access.log").write_bytes(content("squid.log"))

    ran = command("inspect", "access.log")

    assert max(map(len, ran.out.splitlines())) <= 60


def test_standard_input_and_compressed_files_are_read() -> None:
    """And several files are one log."""
    plain = content("caddy.json")
    Path("a.json.gz").write_bytes(gzip.compress(plain))

    piped = json.loads(command("inspect", "-", "--json", stdin=plain).out)
    both = json.loads(command("inspect", "a.json.gz", "a.json.gz", "--json").out)

    assert (piped["requests"], piped["format"]) == (12, "caddy")
    assert both["requests"] == 24


def test_a_file_that_is_not_recognised_is_shown() -> None:
    """Exit code 3, with its start."""
    Path("notes.txt").write_text("Dear diary,\n\x00today\n")

    ran = command("inspect", "notes.txt")

    assert (ran.code, ran.out) == (3, "")
    assert '"Dear diary' in ran.err


def test_a_column_that_is_not_certain_is_asked_for() -> None:
    """With the candidates."""
    Path("a.csv").write_text(
        "seen,sent,page\n2026-06-05T12:00:00Z,2026-06-05T13:00:00Z,/a\n"
    )

    ran = command("inspect", "a.csv")

    assert ran.code == 3
    assert "not certain which field is the time of a request: seen, sent" in ran.err


def test_a_log_of_which_nothing_can_be_used_is_no_basis() -> None:
    """Exit code 13: the format is known, and no line of it is good."""
    Path("a.csv").write_text("t_s,key\nnoon,/a\n")

    ran = command("inspect", "a.csv")

    assert (ran.code, ran.out) == (13, "")
    assert 'line 2: "noon" is not a time' in ran.err


def test_another_key_may_be_asked_for() -> None:
    """It is in the YAML too."""
    Path("a.log").write_bytes(content("caddy.json"))

    seen = json.loads(command("inspect", "a.log", "--key", "path", "--json").out)

    assert seen["keys"]["first"]["/p/1"] == 6
    assert "key: path" in seen["yaml"]


def test_an_argument_that_is_wrong_is_said_in_a_line() -> None:
    """Not in the words of pydantic, with its address."""
    Path("a.log").write_bytes(content("caddy.json"))
    for arguments, said in (
        (("a.log", "--key", "colour"), 'key: "colour" is no part of a URL; parts are'),
        (("a.log", "--format", "nope"), "format: Input should be 'auto', "),
        (("gone.log",), 'file: no file "gone.log" beside the scenario'),
    ):
        ran = command("inspect", *arguments)
        *_, last = ran.err.splitlines()

        assert (ran.code, ran.out) == (2, "")
        assert last.startswith(f"Error: {said}")
        assert "pydantic" not in ran.err


def test_a_log_with_one_instant_has_no_rate() -> None:
    """A single request lasts no time."""
    Path("a.csv").write_text("t_s,key\n1,/a\n")

    seen = json.loads(command("inspect", "a.csv", "--json").out)

    assert (seen["rate_per_s"], seen["span_s"], seen["first"]) == (None, 0, "1 s")
    assert seen["is_wall_clock"] is False
