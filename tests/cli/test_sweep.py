"""sweep and merge: many points, kept whatever happens on the way."""

import csv
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from subprocess import Popen
from time import monotonic, sleep

import pytest

from simcoalesce.experiment.sweeps import sampling
from tests.cli.command_line import command, process, started

GRID = [
    *("-P", "traffic.arrivals[0].within=200ms,400ms,4s"),
    *("-P", "kv.write_latency=0ms,80ms"),
]
SLOW = [
    *("-P", "kv.write_latency=0ms..190ms/20", "-s", "engine=simpy", "--reps", "4"),
    *("-s", "traffic.arrivals[0].requests=4k", "-s", "origin.concurrency=4k"),
]


def test_two_parameters_are_a_heat_map(sale: Path) -> None:
    """Rows and columns, the present setting marked, and what is safe."""
    ran = command("sweep", sale, *GRID, "--for", "origin_hits <= 10", "-j", "1")
    lines = ran.out.splitlines()

    assert ran.code == 0
    assert lines[3].split() == ["traffic.arrivals[0].within", "0ms", "80ms"]
    assert "◆" in lines[5]
    assert "▒" in lines[6]
    assert "points meet origin_hits <= 10" in ran.out


def test_one_parameter_is_a_list_with_intervals(sale: Path) -> None:
    """Each value with its mean."""
    ran = command("sweep", sale, "-P", "kv.write_latency=0ms,80ms", "-j", "1")

    assert [line.split()[0] for line in ran.out.splitlines()[3:5]] == ["0ms", "◆80ms"]


def test_an_undecided_point_is_counted_as_such(sale: Path) -> None:
    """It neither meets the goal nor misses it; whose goal it is is said too."""
    points = ["-P", "kv.write_latency=0ms,80ms", "-j", "1"]
    undecided = command("sweep", sale, *points, "--for", "latency_error_p50_s < 1s")
    expected = command("sweep", sale, *points, "--metric", "requests")

    assert "No point has this number" in undecided.out
    assert "? undecided (more --reps may decide)" in undecided.out
    assert "2 of 2 points meet requests == 40 (from expect:) (oth" in expected.out


def test_one_parameter_is_a_line(sale: Path) -> None:
    """The goal is marked in each row; the present setting, even if it is no point."""
    points = ["-P", "kv.write_latency=0ms,200ms", "-j", "1", "--reps", "1"]

    ran = command("sweep", sale, *points, "--for", "origin_hits <= 20", "-o", "a.svg")
    first, now, last = ran.out.splitlines()[3:6]

    assert "●" in first
    assert now.split("  ")[0] == " ◆80ms"
    assert last.index("┊") == first.index("┊") < last.index("●")
    assert "the scenario as it is: 80ms" in Path("a.svg").read_text()


def test_three_parameters_are_a_tornado(sale: Path) -> None:
    """The one that moves most is on top."""
    three = [*GRID, "-P", "origin.latency=119ms,120ms,121ms", "--sample", "oat"]

    ran = command("sweep", sale, *three, "-j", "1", "--reps", "1")
    bars = [line.split()[0] for line in ran.out.splitlines() if "█" in line]

    assert bars[0] == "traffic.arrivals[0].within"
    assert bars[-1] == "origin.latency"


def test_a_part_of_a_sweep_does_not_speak_for_all_of_it(sale: Path) -> None:
    """A shard says how many of its points meet the goal, so far."""
    goal = ["--for", "origin_hits <= 10", "--shard", "1/2", "-j", "1"]

    ran = command("sweep", sale, *GRID, *goal)

    assert "1 of 3 points so far meets origin_hits <= 10" in ran.out


def test_one_point_has_no_range(sale: Path) -> None:
    """It does not go from a number to the same number."""
    ran = command("sweep", sale, "-P", "kv.write_latency=0ms", "-j", "1")

    assert "goes from" not in ran.out


def test_a_dry_run_lists_the_points(sale: Path) -> None:
    """As overrides, one line each, and nothing is run."""
    ran = command("sweep", sale, *GRID, "--dry-run")

    assert ran.out.splitlines()[1] == (
        "traffic.arrivals[0].within=200ms kv.write_latency=80ms"
    )
    assert "6 points, 3 runs each: 18 in all; nothing was run." in ran.err
    assert not Path(".simcoalesce").exists()


def test_the_file_may_say_what_is_swept(sale: Path) -> None:
    """sweep: in YAML is as good as -P."""
    sale.write_text(f"{sale.read_text()}sweep: {{kv.write_latency: [0ms, 80ms]}}\n")

    ran = command("sweep", sale, "-j", "1")

    assert "2 points" in ran.out


def test_a_point_that_fails_is_told_with_the_command_that_repeats_it(
    sale: Path,
) -> None:
    """Exit code 12; the others have their numbers."""
    ran = command("sweep", sale, "-P", "kv.write_latency=0ms,soon", "-j", "1")

    assert ran.code == 12
    assert '"soon" is not a duration' in ran.err
    assert f"again: simcoalesce run {sale} -s kv.write_latency=soon --seed 3" in ran.err
    assert "✗" in ran.out


def test_the_second_time_points_come_from_the_cache(sale: Path) -> None:
    """It says so, and prints the same."""
    first = command("sweep", sale, *GRID, "-j", "1")
    again = command("sweep", sale, *GRID, "-j", "1")

    assert first.out == again.out
    assert "6 points of 6 from .simcoalesce/cache" in again.err


def in_the_way(folder: Path) -> str:
    """Put a file where the folder would be."""
    folder.parent.write_text("")
    return "File exists"


def open_to_others(folder: Path) -> str:
    """Let others write into the folder."""
    folder.mkdir(parents=True)
    folder.chmod(0o777)
    return "others may write there"


def of_somebody_else(folder: Path) -> str:
    """Give the folder to another user."""
    folder.mkdir(parents=True)
    os.chown(folder, 12345, 12345)
    return "it belongs to another user"


@pytest.mark.parametrize("spoil", [in_the_way, open_to_others, of_somebody_else])
def test_a_sweep_needs_no_cache(sale: Path, spoil: Callable[[Path], str]) -> None:
    """It says once which folder it does not use, and what leaves it out."""
    if spoil is of_somebody_else and os.geteuid():
        pytest.skip("only root gives files away")
    why = spoil(Path(".simcoalesce/cache"))
    ran = process("sweep", sale, *GRID, "-j", "1")
    without = process("sweep", sale, *GRID, "-j", "1", "--no-cache")

    assert (ran.code, ran.out) == (0, without.out)
    assert ran.err.count(".simcoalesce/cache") == 1
    assert why in ran.err
    assert "--no-cache" in ran.err
    assert without.err == ""


def test_shards_merge_into_the_table_of_one_sweep(sale: Path) -> None:
    """The very bytes."""
    command("sweep", sale, *GRID, "-j", "1", "-o", "one.csv")
    for shard in ("1/2", "2/2"):
        out = ["-o", f"part-{shard[0]}.csv"]
        command("sweep", sale, *GRID, "-j1", "--no-cache", "--shard", shard, *out)

    ran = command("merge", "part-2.csv", "part-1.csv", "-o", "merged.csv")

    assert ran.code == 0
    assert Path("merged.csv").read_bytes() == Path("one.csv").read_bytes()


def test_a_picture_is_written(sale: Path) -> None:
    """The same sweep, the same bytes; its title is the headline."""
    for name in ("a.svg", "b.svg", "c.png"):
        command("sweep", sale, *GRID, "-j", "1", "-o", name)
    svg = Path("a.svg").read_text()

    assert svg == Path("b.svg").read_text()
    assert "<title>" in svg
    assert Path("c.png").read_bytes().startswith(b"\x89PNG")


def test_three_parameters_are_a_picture_too(sale: Path) -> None:
    """A tornado, whose title says what moves most; the same sweep, the same bytes."""
    three = [*GRID, "-P", "origin.latency=119ms,121ms", "--reps", "1", "-j", "1"]
    for name in ("a.svg", "b.svg", "c.png"):
        command("sweep", sale, *three, "-o", name)
    svg = Path("a.svg").read_text()

    assert svg == Path("b.svg").read_text()
    assert "traffic.arrivals[0].within moves origin_hits most" in svg
    assert Path("c.png").read_bytes().startswith(b"\x89PNG")


def test_parquet_has_what_csv_has(sale: Path) -> None:
    """The same rows and columns, numbers to the last digit; failed points too."""
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    axes = ["-P", "kv.write_latency=0ms,80ms,oops", "-P", "origin.latency=9ms,10ms"]
    command("sweep", sale, *axes, "-j", "1", "-o", "t.csv", "-o", "t.parquet")

    columnar = pd.read_parquet("t.parquet")
    read_back = [
        ["" if pd.isna(value) else str(value) for value in row]
        for row in columnar.itertuples(index=False)
    ]
    with Path("t.csv").open(newline="") as file:
        written = [*csv.reader(file)]

    assert [[*columnar.columns], *read_back] == written


def test_shards_merge_into_parquet(sale: Path) -> None:
    """By the suffix of the name."""
    pd = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    command("sweep", sale, *GRID, "-j", "1", "-o", "t.csv", "-o", "t.parquet")

    command("merge", "t.csv", "-o", "merged.parquet")

    assert pd.read_parquet("merged.parquet").equals(pd.read_parquet("t.parquet"))


def test_a_front_is_a_table_a_picture_and_a_document(sale: Path) -> None:
    """Slow writes cost more calls, at the same bill: only the quickest is on it."""
    points = ["-P", "kv.write_latency=0ms,80ms,160ms", "-j", "1"]
    front = ["--pareto", "origin_hits,miss_window_s"]

    ran = command("sweep", sale, *points, *front, "-o", "front.svg")
    document = json.loads(command("sweep", sale, *points, *front, "--json").out)

    assert "1 of 3 points is dominated by no other" in ran.out
    assert [
        one["values"] for one in document["pareto"] if one["verdict"] == "front"
    ] == [{"kv.write_latency": "0ms"}]
    assert "dominated by another" in Path("front.svg").read_text()


def test_markdown_has_the_table_and_the_front(sale: Path) -> None:
    """To paste into a pull request."""
    points = ["-P", "kv.write_latency=0ms,80ms", "-j", "1", "--markdown"]

    ran = command("sweep", sale, *points, "--pareto", "origin_hits,miss_window_s")

    assert "|  | kv.write_latency | origin_hits [95 % interval] |" in ran.out
    assert "## Pareto front" in ran.out


def test_a_sensitivity_says_its_runs_before_and_its_indices_after(sale: Path) -> None:
    """Eight points for each of two axes and two more, of one run each."""
    pytest.importorskip("scipy")
    axes = ["-P", "kv.write_latency=0ms..160ms", "-P", "origin.latency=119ms..121ms"]
    how = ["--sensitivity", "--sample", "saltelli:8", "--reps", "1", "-j", "1"]

    ran = command("sweep", sale, *axes, *how, "-o", "effects.svg")
    below = ran.out.split("SOBOL INDICES")[1].splitlines()

    assert "8 × (2 + 2) = 32 points" in ran.err
    assert below[2].split()[0] == "kv.write_latency"
    assert "total effect" in Path("effects.svg").read_text()


def test_indices_of_a_number_that_points_lack_are_undecided(sale: Path) -> None:
    """Nobody fails here, so no point has the latency of errors."""
    pytest.importorskip("scipy")
    how = ["--sensitivity", "--sample", "saltelli:2", "--reps", "1", "-j", "1"]
    metric = ["--metric", "latency_error_p50_s"]

    ran = command("sweep", sale, "-P", "kv.write_latency=0ms..1s", *how, *metric)

    assert ran.code == 13
    assert "no Sobol indices of latency_error_p50_s: 4 points" in ran.err


def test_without_scipy_a_sensitivity_names_the_extra(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a Sobol sample does."""
    monkeypatch.setattr(sampling, "find_spec", lambda _: None)

    ran = command("sweep", sale, "-P", "kv.ttl=10s..20s", "--sensitivity")

    assert ran.code == 2
    assert "pip install 'simcoalesce[sobol]'" in ran.err


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        ["-P", "kv.write_latency"],
        ["-P", "kv.ttl=1s,2s", "--sample", "lhs"],
        ["-P", "kv.ttl=1s,2s", "--metric", "orgin_hits"],
        ["-P", "kv.ttl=1s,2s", "--for", "origin_hits"],
        ["-P", "kv.ttl=1s,2s", "--shard", "3/2"],
        ["-P", "kv.ttl=1s,2s", "--on", "moon"],
        ["-P", "kv.ttl=1s,2s", "-o", "table.txt"],
        ["-P", "kv.ttl=1s,2s", "--pareto", "orgin_hits,errors"],
        ["-P", "kv.ttl=1s,2s", "--pareto", "origin_hits"],
        ["-P", "kv.ttl=1s,2s", "--sensitivity", "--sample", "oat"],
        ["-P", "seed=1,2"],
        ["-P", "replications=10,20"],
    ],
)
def test_a_wrong_command_line_is_code_2(sale: Path, wrong: list[str]) -> None:
    """Nothing is simulated."""
    assert command("sweep", sale, *wrong).code == 2


def kept() -> int:
    """Return how many points are in the cache."""
    return len([*Path(".simcoalesce/cache").glob("*/[0-9a-f]*")])


def stopped(child: "Popen[str]", how: int) -> tuple[int, str]:
    """Stop a sweep once it has kept three points; return its code and stderr."""
    with child:
        began_s = monotonic()
        while kept() < 3 and monotonic() - began_s < 30:
            sleep(0.02)
        child.send_signal(how)
        _, err = child.communicate(timeout=30)
    return child.returncode, err


@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGKILL], ids=lambda how: how.name
)
def test_a_sweep_that_is_stopped_goes_on_where_it_was(
    sale: Path, how: signal.Signals
) -> None:
    """Ctrl-C or a kill: what is complete is kept, and the end is the same."""
    code, err = stopped(started("sweep", sale, *SLOW, "-j", "2"), how)
    before = kept()
    again = process("sweep", sale, *SLOW, "-j", "2", "-o", "resumed.csv")
    command("sweep", sale, *SLOW, "-j", "1", "--no-cache", "-o", "whole.csv")

    assert code == (130 if how == signal.SIGINT else -9)
    assert ("To go on: simcoalesce sweep" in err) == (how == signal.SIGINT)
    assert 3 <= before < 20
    assert f"{before} points of 20 from" in again.err
    assert Path("resumed.csv").read_bytes() == Path("whole.csv").read_bytes()


def test_a_sweep_is_a_page(sale: Path) -> None:
    """With its points, its picture, and its Pareto front."""
    varied = ["-P", "kv.write_latency=0ms,80ms", "--pareto", "origin_hits,errors"]
    ran = command("sweep", sale, *varied, "-o", "sweep.html", "-o", "sweep.md")
    page = Path("sweep.html").read_text()

    assert ran.code == 0
    assert "<svg" in page
    assert "Pareto front" in page
    assert "Pareto front" in Path("sweep.md").read_text()
