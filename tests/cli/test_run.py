"""simcoalesce run: its options, its exit codes, and where it says what."""

import json
import os
import pty
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import SALE, Ran, command, process, started

pytestmark = pytest.mark.usefixtures("sale")


def metrics(ran: Ran) -> dict[str, Any]:
    """Return the metrics of a printed document."""
    found: dict[str, Any] = json.loads(ran.out)["metrics"]
    return found


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["sale.yaml"], 0),
        (["sale.yaml@per-key"], 0),
        (["sale.yaml@worried"], 0),
        (["sale.yaml@hopeless"], 10),
        (["sale.yaml@hopeless", "--reps", "1"], 13),
        (["sale.yaml", "--reps", "0"], 2),
        (["sale.yaml", "--seed", "-1"], 2),
        (["sale.yaml", "--no-such-option"], 2),
        (["sale.yaml", "-o", "result.xls"], 2),
        ([], 2),
        (["none.yaml"], 3),
        (["sale.yaml@none"], 3),
        (["sale.yaml", "-s", "kv.write_latncy=3ms"], 3),
        (["sale.yaml", "-s", "nonsense"], 3),
    ],
    ids=str,
)
def test_the_exit_code_says_what_happened(arguments: list[str], code: int) -> None:
    """Scripts and CI decide by these numbers."""
    assert command("run", *arguments).code == code


@pytest.mark.parametrize("variant", ["", "@per-key", "@hopeless", "@refused"])
def test_a_summary_is_short_and_ends_with_a_sentence(sale: Path, variant: str) -> None:
    """It fits on a screen, and its last line is for somebody who reads one line."""
    lines = command("run", f"{sale}{variant}").out.splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert lines[-1].endswith(".")
    assert "requests" in lines[-1] or "reached" in lines[-1]


def test_a_finished_run_says_nothing_on_stderr(sale: Path) -> None:
    """What goes to a pipe is the result, and all of it."""
    ran = command("run", sale)

    assert ran.err == ""
    assert ran.out.startswith("A small sale · sale")


@pytest.mark.parametrize("arguments", [["none.yaml"], ["sale.yaml", "-o", "x.xls"]])
def test_a_refusal_says_nothing_on_stdout(arguments: list[str]) -> None:
    """Who reads a pipe gets no half result."""
    ran = command("run", *arguments)

    assert ran.out == ""
    assert ran.err


def test_quiet_is_silent_where_all_is_well(sale: Path) -> None:
    """-q leaves only the exit code."""
    assert command("run", sale, "-q") == Ran(0, "", "")


def test_quiet_names_what_fails() -> None:
    """A CI log shows which expectation was broken, and no more."""
    assert command("run", "sale.yaml@hopeless", "-q") == Ran(
        10, "fails: origin_hits <= 1\n", ""
    )


def test_set_changes_a_value(sale: Path) -> None:
    """-s wins over the file; it may be repeated."""
    ran = command(
        "run", sale, "--json", "-s", "kv.write_latency=9ms", "-s", "worker.cpu=2ms"
    )
    scenario = json.loads(ran.out)["scenario"]

    assert scenario["path"][1]["kv.write"]["write_latency"] == "9ms"
    assert scenario["worker"]["cpu"] == "2ms"


def test_seed_and_reps_are_the_ones_of_the_command_line(sale: Path) -> None:
    """They win over the file's."""
    run = json.loads(command("run", sale, "--json", "--seed", 8, "--reps", 2).out)[
        "run"
    ]

    assert (run["seed"], run["replications"]) == (8, 2)


def test_replications_have_consecutive_seeds(sale: Path) -> None:
    """The mean of two runs is that of each seed alone."""
    both = metrics(command("run", sale, "--json", "--seed", 8, "--reps", 2))
    alone = [
        metrics(command("run", sale, "--json", "--seed", seed, "--reps", 1))
        for seed in (8, 9)
    ]
    mean = sum(one["origin_hits"]["mean"] for one in alone) / 2

    assert both["origin_hits"]["mean"] == pytest.approx(mean)


def test_a_variant_meets_the_same_traffic(sale: Path) -> None:
    """FILE@VARIANT changes what it says, and nobody's arrival."""
    for file, out in ((sale, "a"), (f"{sale}@per-key", "b")):
        command("run", file, "-q", "-o", f"{out}/requests.csv")
    tables = [Path(out, "requests.csv").read_text().splitlines() for out in "ab"]
    columns = [[line.split(",")[:5] for line in table] for table in tables]

    assert columns[0] == columns[1]
    assert tables[0] != tables[1]


def test_a_scenario_comes_from_stdin() -> None:
    """A dash is what another program pipes in."""
    ran = command("run", "-", "-q", stdin=SALE.encode())

    assert ran == Ran(0, "", "")


def test_a_variant_comes_from_stdin() -> None:
    """-@VARIANT chooses one; it looks like an option, so it comes after --."""
    ran = command("run", "-q", "--", "-@hopeless", stdin=SALE.encode())

    assert ran.code == 10


def test_the_same_command_prints_the_same_bytes_in_two_processes(sale: Path) -> None:
    """Nothing depends on the process: no clock, no hash order, no memory."""
    first = process("run", sale, "--json", PYTHONHASHSEED="1")
    second = process("run", sale, "--json", PYTHONHASHSEED="2")

    assert first.code == 0
    assert first == second


def test_a_pipe_gets_no_colours() -> None:
    """Escape codes are for terminals."""
    assert "\x1b" not in process("run", "sale.yaml@hopeless").out


@pytest.mark.parametrize(
    ("environment", "is_coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
    ids=str,
)
def test_a_terminal_gets_colours_unless_it_says_no(
    sale: Path, environment: dict[str, str], *, is_coloured: bool
) -> None:
    """NO_COLOR (no-color.org) and a dumb terminal are respected."""
    reader, terminal = pty.openpty()
    plain = {"NO_COLOR": "", "TERM": "xterm"}
    with (
        os.fdopen(terminal, "w") as stdout,
        started("run", sale, stdout=stdout, **(plain | environment)) as child,
    ):
        printed = os.read(reader, 10_000)
        child.wait(timeout=60)
    os.close(reader)

    assert (b"\x1b[" in printed) == is_coloured


def test_keys_that_share_something_stay_together_and_it_says_so(sale: Path) -> None:
    """One fixed window is for all keys."""
    limit = "origin.rate_limit={kind: fixed_window, limit: 1k, per: 1m}"
    ran = command("run", sale, "-s", limit, "--reps", "2", "--shards", "2")

    assert ran.code == 0
    assert "One shard, here: all keys share the rate limit of the origin." in ran.err


def test_a_cluster_that_is_none_is_refused(sale: Path) -> None:
    """Before anything is simulated."""
    ran = command("run", sale, "-s", "origin.rate_limit=unlimited", "--on", "the moon")

    assert (ran.code, ran.out) == (2, "")
    assert "--on the moon: write here, dask-local, dask+tls://HOST:PORT" in ran.err


def test_a_change_without_effect_is_said(sale: Path) -> None:
    """Where the path has no layer of its section."""
    cold = ["-s", "path=[origin]", "-s", "kv.ttl=60s", "--reps", "1"]
    ran = command("run", sale, *cold)

    assert "kv.ttl has no effect: the path has no kv.read or kv.write" in ran.err
    assert "no effect" not in command("run", sale, *cold, "-q").err
    assert "no effect" not in command("run", sale, "-s", "kv.ttl=60s").err


def test_uncertain_values_are_drawn_and_it_says_so(sale: Path) -> None:
    """The prediction carries what they leave open; a plain run does not draw."""
    open_latency = "uncertain=[{origin.latency: 60ms..240ms}]"
    plain, drawn = (
        json.loads(command("run", sale, "-s", open_latency, "--json", *flag).out)
        for flag in ([], ["--uncertain"])
    )

    sd = [one["metrics"]["origin_hits"]["sd"] for one in (plain, drawn)]
    notes = [" ".join(one["warnings"]) for one in (plain, drawn)]
    assert sd[1] > sd[0]
    assert "each seed draws its own origin.latency (uncertain:)" in notes[1]
    assert "95 % of such runs: origin_hits" in notes[1]
    assert "uncertain" not in notes[0]


def test_a_scenario_without_uncertain_values_has_nothing_to_draw(sale: Path) -> None:
    """It is refused, with what to write."""
    ran = command("run", sale, "--uncertain")

    assert ran.code == 3
    assert "nothing is uncertain; write uncertain:" in ran.err
