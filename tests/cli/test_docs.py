"""docs: the reference in the terminal, and the names that a shell completes."""

from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from simcoalesce.cli import group
from tests.cli.command_line import command


def test_a_metric_is_told() -> None:
    """What it counts, in which unit."""
    ran = command("docs", "metric", "origin_hits")

    assert ran.code == 0
    assert "How many calls the origin received, whatever it answered." in ran.out
    assert "unit                       a count" in ran.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["kv.write.ttl"], "kv.ttl (key)"),
        (["key", "ttl"], "cdn.ttl"),
        (["layer", "single_flight"], "path: [kv.read, single_flight, kv.write"),
        (["command", "why"], "--request N|NAME"),
        (["exit", "13"], "do not decide"),
        (["exit"], "130  interrupted"),
        ([], "simcoalesce docs metric"),
    ],
)
def test_what_there_is_is_told(arguments: list[str], told: str) -> None:
    """With its subject or without, by its end, or all of a subject."""
    ran = command("docs", *arguments)

    assert (ran.code, told in ran.out) == (0, True), ran


@pytest.mark.parametrize(
    ("subject", "name", "meant"),
    [
        ("metric", "orign_hits", "origin_hits"),
        ("key", "wirte_latency", "kv.write_latency"),
        ("layer", "cdm", "cdn"),
    ],
)
def test_a_near_miss_is_answered_with_the_name(
    subject: str, name: str, meant: str
) -> None:
    """And the command line was wrong."""
    ran = command("docs", subject, name)

    assert ran.code == 2
    assert f'there is no {subject} "{name}" — did you mean "{meant}"?' in ran.err


def test_pages_are_written(tmp_path: Path) -> None:
    """Into a folder that is made."""
    assert command("docs", "--write", tmp_path / "made").code == 0
    assert (tmp_path / "made/metrics.md").exists()


@pytest.mark.parametrize(
    ("line", "typed", "completed"),
    [
        (["docs", "metric"], "origin_h", ["origin_hits"]),
        (["docs", "layer"], "single", ["single_flight"]),
        (["docs"], "me", ["metric"]),
        (["run", "-s"], "kv.write_l", ["kv.write_latency="]),
        (["run"], "sale.yaml@per", ["sale.yaml@per-key"]),
        (["compare", "--metric"], "stampede", ["stampede_size_max"]),
    ],
)
@pytest.mark.usefixtures("sale")
def test_a_shell_completes_names(
    line: list[str], typed: str, completed: list[str]
) -> None:
    """Variants of a file, keys of -s, metrics, and all that the reference has."""
    shell = ShellComplete(group, {}, "simcoalesce", "_SIMCOALESCE_COMPLETE")

    assert [one.value for one in shell.get_completions(line, typed)] == completed
