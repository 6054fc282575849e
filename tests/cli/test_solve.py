"""solve: a value, or the news that there is none."""

from pathlib import Path

import pytest

from tests.cli.command_line import command


def test_the_answer_names_both_neighbours(sale: Path) -> None:
    """What was tried is on stderr, what was found on stdout."""
    vary = "traffic.arrivals[0].within=100ms..10s"
    ran = command("solve", sale, "--for", "origin_hits <= 10", "--vary", vary)

    assert ran.code == 0
    assert ran.out.startswith("origin_hits <= 10: met at traffic.arrivals[0].within=")
    assert "✗ traffic.arrivals[0].within=100ms: origin_hits 40" in ran.err


def test_no_value_will_do(sale: Path) -> None:
    """Exit code 10, and what the ends give."""
    vary = "kv.write_latency=0ms..1s"
    ran = command("solve", sale, "--for", "origin_hits <= 1", "--vary", vary)

    assert ran.code == 10
    assert "out of reach for every value of kv.write_latency" in ran.out


@pytest.mark.parametrize(
    "wrong",
    [
        ["--for", "origin_hits", "--vary", "kv.ttl=1s..2s"],
        ["--for", "origin_hits <= 1", "--vary", "kv.ttl"],
        ["--for", "origin_hits <= 1"],
    ],
)
def test_a_wrong_command_line_is_code_2(sale: Path, wrong: list[str]) -> None:
    """Nothing is simulated."""
    assert command("solve", sale, *wrong).code == 2
