"""Traffic that is drawn in the loop is that which is made in chunks, bit for bit."""

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
import pytest

from simcoalesce.compiled.api import tally_compiled
from simcoalesce.compiled.coming import BLOCK, column, isolate_at
from simcoalesce.compiled.compiled_run import CompiledRun
from simcoalesce.compiled.kernel import EntryPoint
from simcoalesce.compiled.state import State
from simcoalesce.metrics import Tally, measure
from simcoalesce.request import Requests
from simcoalesce.traffic import GeneratedTraffic, Traffic
from simcoalesce.units import NS_PER_S
from tests.builders import a_path, an_origin

pytest.importorskip("llvmlite", reason="the compiled engine needs llvmlite")

BURST = {"kind": "burst", "requests": 1_500, "within": "700ms"}
RATE = {"kind": "rate", "rate": "900/s"}
RAMP = {"kind": "ramp", "from": "0/s", "to": "2000/s", "for": "1s"}
SURGE = {"kind": "flash_crowd", "peak": "3000/s", "rise": "90ms", "decay": "200ms"}
TICKS = {"kind": "even", "rate": "700/s"}
SOME = {"kind": "weighted", "weights": {"key-7": 3, "other": 1, "key-2": 0}}
ZIPF = {"kind": "zipf", "s": 1, "n": 40}
AREAS = {"locations": {"here": 2, "there": 1, "far": 1}, "isolates": 7}

TRAFFIC: dict[str, dict[str, Any]] = {
    "a burst": {"arrivals": [BURST], "isolates": 400},
    "one, early": {"arrivals": [BURST | {"shape": "front_loaded", "until": "50ms"}]},
    "bursts": {"arrivals": [BURST | {"every": "800ms", "times": 2, "at": "3ms"}]},
    "even bursts": {"arrivals": [BURST | {"every": "701ms", "shape": "even"}]},
    "all at once": {"arrivals": [BURST | {"within": "0ms"}], "keys": ZIPF},
    "a rate": {"arrivals": [RATE | {"for": "1700ms", "at": "1s"}], **AREAS},
    "a ramp": {"arrivals": [RAMP], "keys": ZIPF},
    "a fall": {"arrivals": [RAMP | {"from": "2000/s", "to": "0/s"}]},
    "a surge": {"arrivals": [SURGE | {"base": "20/s"}], "routing": "sharded"},
    "a metronome": {"arrivals": [TICKS], "keys": SOME},
    "ties": {"arrivals": [TICKS, TICKS | {"at": "1s"}, TICKS], "keys": SOME},
    "one key": {"arrivals": [RATE, BURST]},
    "all": {"arrivals": [RATE, BURST | {"keys": SOME}, SURGE], "keys": ZIPF, **AREAS},
}


def generated(name: str) -> GeneratedTraffic:
    """Return some traffic of three seconds."""
    traffic = Traffic.model_validate(TRAFFIC[name])
    return traffic.generate(seed=5, duration_ns=3 * NS_PER_S)


Columns: TypeAlias = np.ndarray[Any, np.dtype[np.int64]]


def drawn_blocks(traffic: GeneratedTraffic) -> Iterator[Columns]:
    """Yield what the loop draws, block by block."""
    names: Any = {"keys": traffic.keys, "locations": traffic.locations}
    tally = Tally(keys=len(traffic.keys), locations=len(traffic.locations))
    path = a_path(an_origin("1ms"))
    run = CompiledRun(path, seed=1, **names, tally=tally, drawn=traffic.drawn)
    most = BLOCK
    while run.draw(most) == most:
        yield block_of(run)
        most += BLOCK
    yield block_of(run)


def block_of(run: CompiledRun) -> Columns:
    """Return instants, keys, locations and isolates of what the loop has."""
    m = State(run.numbers, 0)
    at = [column(m, number) for number in range(3)]
    columns = [run.numbers[first : first + m.handed] for first in at]
    return np.array([*columns, [isolate_at(m, index) for index in range(m.handed)]])


@pytest.mark.parametrize("name", TRAFFIC)
@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_the_loop_draws_what_the_traffic_makes(name: str) -> None:
    """The same instants, keys, locations and isolates."""
    made = Requests.joined([*generated(name).chunks])
    expected = np.array([made.arrived_at_ns, made.key, made.location, made.isolate])
    drawn = np.concatenate([*drawn_blocks(generated(name))], axis=1)

    assert np.array_equal(drawn, expected)


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_kernels_that_draw_are_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What compiled kernels draw, they draw as plain functions."""
    compiled = next(drawn_blocks(generated("all")))

    def as_python(one: EntryPoint, numbers: Any, rows: Any) -> int:
        return int(one.function(State(numbers, 0), rows))

    monkeypatch.setattr(EntryPoint, "__call__", as_python)
    assert np.array_equal(next(drawn_blocks(generated("all"))), compiled)


def test_a_run_of_drawn_requests_counts_the_same() -> None:
    """A path with hits and misses, drawn and in chunks."""
    path = a_path("kv.read", "single_flight", {"kv.write": {"ttl": "60s"}}, an_origin())
    tallies = []
    for is_drawn in (False, True):
        traffic = generated("all")
        names: Any = {"keys": traffic.keys, "locations": traffic.locations}
        drawn = traffic.drawn if is_drawn else None
        tallies.append(
            tally_compiled(path, traffic.chunks, seed=1, **names, drawn=drawn)
        )

    assert measure(tallies[0]) == measure(tallies[1])
