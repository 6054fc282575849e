"""Sweeps: the same bytes whoever does the work, and nothing lost on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from multiprocessing import active_children
from pathlib import Path

import pytest

from simcoalesce.csv_text import csv_text
from simcoalesce.experiment.sweeps.executor import in_processes, in_this_process
from simcoalesce.experiment.sweeps.point import (
    PointDone,
    PointTask,
    PointWorker,
    SweepPoint,
)
from simcoalesce.experiment.sweeps.point_cache import PointCache
from simcoalesce.experiment.sweeps.sweep import (
    Sweep,
    SweepPlan,
    simulate_points,
    sweep_plan,
)
from simcoalesce.experiment.sweeps.sweep_table import table_rows
from simcoalesce.scenario.axis import Axis
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.experiment.builders import a_sale


def a_plan(*axes: str, replications: int = 2) -> SweepPlan:
    """Return a grid over a small sale."""
    found = axes or ("kv.write_latency=0ms,20ms,80ms", "origin.latency=60ms,120ms")
    return sweep_plan(a_sale(), [*map(Axis.parse, found)], replications=replications)


def csv_of(sweep: Sweep) -> str:
    """Return the table of a sweep as its file has it."""
    return csv_text(table_rows(sweep))


def test_a_table_has_a_row_for_each_point_and_metric() -> None:
    """Tidy: filter one metric, and it is a column against the parameters."""
    text = csv_of(simulate_points(a_plan("kv.write_latency=0ms,80ms")))
    rows = [line for line in text.splitlines() if ",origin_hits," in line]

    assert text.startswith(
        "point,kv.write_latency,metric,unit,mean,sd,ci95_low,ci95_high,n,"
    )
    assert [row.split(",")[:2] for row in rows] == [["0", "0ms"], ["1", "80ms"]]


def test_processes_give_the_same_bytes() -> None:
    """Two workers, in whatever order they finish."""
    here = simulate_points(a_plan())
    there = simulate_points(a_plan(), execute=in_processes(2), jobs=2)

    assert table_rows(here) == table_rows(there)


def test_a_worker_that_dies_takes_nothing_with_it() -> None:
    """Another process does what the killed one had not done."""
    plan = a_plan("kv.write_latency=0ms..200ms/20")
    tasks = [(n, plan.overrides(point)) for n, point in enumerate(plan.points)]
    worker = PointWorker(plan.scenario, seed=3, replications=2, repeats=2)
    coming = in_processes(2)(worker, tasks)
    first = next(coming)

    active_children()[0].kill()
    rest = [*coming]

    assert sorted(index for index, _ in [first, *rest]) == list(range(20))
    assert all(point.measured for _, point in rest)


def test_a_point_that_fails_does_not_stop_the_others() -> None:
    """It says why, and the others have their numbers."""
    said: list[SweepPoint] = []
    found = simulate_points(
        a_plan("kv.write_latency=0ms,soon,80ms"),
        on_point=lambda point, *_: said.append(point),
    )

    assert [bool(point.measured) for point in found.done] == [True, False, True]
    assert said[0].failure == found.failed[0].failure
    assert '"soon" is not a duration' in str(found.failed[0].failure)


def test_a_parameter_that_does_not_exist_is_an_invalid_scenario() -> None:
    """If no point is valid, the mistake is in the question."""
    with pytest.raises(InvalidScenario, match="wirte_latency"):
        simulate_points(a_plan("kv.wirte_latency=0ms,20ms"))


def test_the_second_time_everything_is_in_the_cache(tmp_path: Path) -> None:
    """The same bytes, and nothing is simulated."""
    first = simulate_points(a_plan(), cache=PointCache(tmp_path))
    again = simulate_points(a_plan(), cache=PointCache(tmp_path), execute=_refusing)

    assert table_rows(first) == table_rows(again)
    assert all(point.is_cached for point in again.done)


def _refusing(_: PointWorker, tasks: Sequence[PointTask]) -> Iterator[PointDone]:
    raise AssertionError(f"{len(tasks)} points are simulated again")


def test_more_replications_are_other_numbers(tmp_path: Path) -> None:
    """The cache knows seeds and replications apart."""
    simulate_points(a_plan(), cache=PointCache(tmp_path))
    more = simulate_points(a_plan(replications=3), cache=PointCache(tmp_path))

    assert not any(point.is_cached for point in more.done)


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"values": {"errors": [Infinity]}}', b"[" * 100_000],
    ids=["empty", "another kind", "not finite", "deep"],
)
def test_a_foreign_file_of_the_cache_is_made_again(
    tmp_path: Path, content: bytes
) -> None:
    """As after a power cut, or by whatever writes there."""
    first = simulate_points(a_plan(), cache=PointCache(tmp_path))
    for path in tmp_path.glob("*/*"):
        path.write_bytes(content)

    again = simulate_points(a_plan(), cache=PointCache(tmp_path))

    assert table_rows(first) == table_rows(again)
    assert not any(point.is_cached for point in again.done)


def test_an_interrupt_keeps_what_is_complete(tmp_path: Path) -> None:
    """Ctrl-C after two points: two points, and the rest later."""
    cache = PointCache(tmp_path)
    stopped = simulate_points(a_plan(), execute=_interrupted, cache=cache)
    resumed = simulate_points(a_plan(), cache=cache)

    assert (len(stopped.done), stopped.is_complete) == (2, False)
    assert sum(point.is_cached for point in resumed.done) == 2
    assert table_rows(resumed) == table_rows(simulate_points(a_plan()))


def _interrupted(
    worker: PointWorker, tasks: Sequence[PointTask]
) -> Iterator[PointDone]:
    yield from in_this_process(worker, tasks[:2])
    raise KeyboardInterrupt


def test_the_baseline_is_known() -> None:
    """Also where a section says it for the layers of the path."""
    plan = a_plan(
        "kv.write_latency=0ms,1ms", "traffic.arrivals[0].within=1s,2s", "kv.x=1,2"
    )

    assert plan.baseline == ("80ms", "400ms", None)


def test_a_shard_in_which_every_point_fails_is_a_shard() -> None:
    """As long as another has one that does not: the table has all their reasons."""
    plan = a_plan("kv.write_latency=0ms,soon")
    alone = a_plan("kv.write_latency=soon,later")

    assert len(simulate_points(plan, only=[1]).failed) == 1
    with pytest.raises(InvalidScenario, match="soon"):
        simulate_points(alone, only=[0])


def test_the_digest_of_a_plan_covers_what_decides_its_table() -> None:
    """Seeds, replications, values and what the scenario says; not what it is called."""
    plan = a_plan()
    others = [
        a_plan("kv.write_latency=0ms,20ms"),
        a_plan(replications=3),
        replace(plan, seed=plan.seed + 1),
        replace(plan, scenario=plan.scenario.with_overrides("origin.latency=1ms")),
        replace(plan, scenario=plan.scenario.with_metrics("errors[location=home]")),
    ]
    digests = {one.sha256 for one in [plan, a_plan(), *others]}

    assert len(digests) == 1 + len(others)
