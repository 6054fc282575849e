"""The page on logs: its table is that of the formats, and what it shows is so.

To write the table and the output anew: REFRESH_README=1 pytest this file.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from simcoalesce import Scenario
from simcoalesce.logs.log_format import (
    STANDARD_FIELDS,
    JsonFormat,
    LogFormat,
    TableFormat,
    TextFormat,
    log_formats,
)
from simcoalesce.traffic.arrivals.replay import Replay
from simcoalesce.yaml.node import plain
from tests.cli.command_line import command
from tests.rendered_logs import content
from tests.unit.scenario.builders import a_table

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/how_to/replay_a_log.md"
TEXT = PAGE.read_text(encoding="utf-8")
TABLE = re.compile(r"(<!-- formats: .*? -->\n).*?(<!-- end of formats -->)", re.DOTALL)
CONSOLE = re.compile(
    r"^```console\n\$ simcoalesce (.*)\n((?:.*\n)*?)```$", re.MULTILINE
)
YAML = re.findall(r"^```yaml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
SHELL = re.findall(r"^```sh\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


def names_of(log_format: type[LogFormat]) -> list[str]:
    """Return the standard fields that a format declares."""
    declared: Iterator[str] = iter(())
    if issubclass(log_format, JsonFormat):
        declared = iter(getattr(log_format, "paths", {}))
    elif issubclass(log_format, TableFormat):
        declared = iter(getattr(log_format, "columns", {}))
    elif issubclass(log_format, TextFormat) and hasattr(log_format, "pattern"):
        declared = iter(re.compile(log_format.pattern).groupindex)
    found = set(declared)
    return [name for name in STANDARD_FIELDS if name in found and name != "time"]


def row(log_format: type[LogFormat]) -> str:
    """Return the row of a format."""
    names = names_of(log_format)
    told = ", ".join(names) if names else "names and values tell"
    stamp = log_format.time_is if names else "as it says"
    source = log_format.source.partition(":")[0].partition(", read")[0]
    return (
        f"| `{log_format.kind}` | {log_format.expects} | {stamp} | {told} | {source} |"
    )


def table() -> str:
    """Return the table of all formats."""
    rows = [row(one) for one in log_formats()]
    head = "| `format:` | what it is | stamp | says | documented at |\n"
    return head + "| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"


def refreshed(old: str) -> str:
    """Return the page with today's table and today's output."""
    text = TABLE.sub(lambda one: f"{one[1]}{table()}{one[2]}", old)
    return CONSOLE.sub(
        lambda one: f"```console\n$ simcoalesce {one[1]}\n{shown(one[1])}```", text
    )


def shown(arguments: str) -> str:
    """Return what a command prints."""
    return command(*arguments.split()).out


def test_the_page_says_what_the_formats_declare(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its table, and what `inspect` prints."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "100")
    today = refreshed(TEXT)
    if "REFRESH_README" in os.environ:
        PAGE.write_text(today, encoding="utf-8")

    assert today == TEXT


@pytest.mark.parametrize("block", [one for one in YAML if "version:" in one])
def test_a_scenario_of_the_page_is_one(block: str, tmp_path: Path) -> None:
    """It can be pasted."""
    (tmp_path / "access.log.gz").write_bytes(content("cloudfront.log.gz"))

    assert Scenario.parse(block, folder=tmp_path).name in {"my-log", "from-k6"}


def test_the_arrivals_of_the_page_are_some(tmp_path: Path) -> None:
    """Each way to say where the fields are."""
    (block,) = (one for one in YAML if "columns:" in one)
    for said in plain(a_table(f"arrivals:\n{block}"))["arrivals"]:
        (tmp_path / said["file"]).write_text("x\n")
        replay = Replay.model_validate(said, context={"folder": tmp_path})

        assert replay.kind == "replay"


@pytest.mark.skipif(shutil.which("awk") is None, reason="there is no awk")
def test_the_command_makes_arrivals_of_rates(tmp_path: Path) -> None:
    """A row every 15 s; one without requests is left out."""
    rows = '"Time","requests"\n1780660800000,12.5\n1780660815000,0\n1780660830000,40\n'
    (tmp_path / "grafana.csv").write_text(rows)
    made = subprocess.run(  # noqa: S603 - our own page
        ["/bin/sh", "-c", SHELL[0]],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    arrivals = plain(a_table(f"arrivals:\n{made.stdout}"))["arrivals"]

    assert [(one["rate"], one["at"], one["for"]) for one in arrivals] == [
        ("12.5/s", "0s", "15s"),
        ("40/s", "30s", "15s"),
    ]
