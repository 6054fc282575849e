"""A phase of arrivals in two parts brings the requests of the whole.

Where its instants are said one by one: evenly spaced, in bursts of one instant, or in a
recording. What is drawn for a request (its key,
location, isolate, and whether it bypasses stores) belongs to its number in all traffic.
Phases that draw their instants, or think times, have streams of their own, by the
number of the phase, and users of a closed loop draw all by it: so no law for them, nor
where such a phase comes behind the parts.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.traffic import Traffic
from tests.metamorphic import KEYS, QUICK, written
from tests.random_scenarios import ALL_PATHS

Phase = dict[str, Any]
LASTS_NS = 300_000_000
PLACED = settings(
    QUICK,
    max_examples=40,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.function_scoped_fixture,
    ],
)
"""The same folder will do for all examples: each writes its files anew."""


def ran(path: list[Layer], phases: Sequence[Phase], folder: Path) -> Outcomes:
    """Return a run of traffic of some phases, besides others that nobody splits."""
    others = [
        {"kind": "rate", "rate": "50/s", "bypass": "20%"},
        {"kind": "burst", "requests": 5, "within": "20ms", "at": "40ms"},
    ]
    traffic = Traffic.model_validate(
        {
            "arrivals": [*others, *phases],
            "keys": {"kind": "weighted", "weights": dict.fromkeys(KEYS, 1)},
            "locations": {"at-0": 1, "at-1": 2},
            "isolates": 2,
        },
        context={"folder": folder},
    ).generate(seed=1, duration_ns=LASTS_NS)
    names: Any = {"keys": traffic.keys, "locations": traffic.locations}
    return edge.simulate(path, traffic.chunks, seed=1, **names)


def check(
    path: list[Layer], whole: Phase, parts: Sequence[Phase], folder: Path = Path()
) -> None:
    """Assert that parts of a phase bring what it brings."""
    after, before = ran(path, parts, folder), ran(path, [whole], folder)
    assert written(after) == written(before)


@given(
    path=ALL_PATHS,
    requests=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    every_ms=st.sampled_from([1, 5, 20]),
    kind=st.sampled_from(["even", "burst", "rate"]),
)
@settings(QUICK, max_examples=40)
def test_evenly_spaced_requests_come_in_parts_as_well(
    path: list[Layer], requests: tuple[int, int], every_ms: int, kind: str
) -> None:
    """The second part begins where the next request of the first would come."""

    def phase(count: int, at_ms: int) -> Phase:
        lasts, every = f"{count * every_ms}ms", f"{every_ms}ms"
        ways: dict[str, Phase] = {
            "even": {"requests": count, "every_request": every},
            "burst": {"requests": 3, "within": "0ms", "every": every, "times": count},
            "rate": {"process": "even", "rate": f"1/{every}", "for": lasts},
        }
        return {"kind": kind, "at": f"{at_ms}ms", "bypass": "10%", **ways[kind]}

    first, second = requests
    parts = [phase(first, 10), phase(second, 10 + first * every_ms)]
    check(path, phase(first + second, 10), parts)


@given(
    path=ALL_PATHS,
    at_ms=st.lists(st.sampled_from([0, 5, 10, 40, 70]), min_size=2, max_size=12),
    cut=st.integers(1, 11),
)
@PLACED
def test_a_recording_may_be_cut_into_two_files(
    path: list[Layer], at_ms: list[int], cut: int, tmp_path: Path
) -> None:
    """Also in the middle of an instant; what it says of keys stays with its row."""
    rows = [f"{at},{KEYS[at % 2]}\n" for at in sorted(at_ms)]
    for name, some in (("all", rows), ("a", rows[:cut]), ("b", rows[cut:])):
        (tmp_path / f"{name}.csv").write_text("t_ms,key\n" + "".join(some))
    names = ("a", "b") if cut < len(rows) else ("a",)

    def phase(name: str) -> Phase:
        return {"kind": "replay", "file": f"{name}.csv", "spread": "0ms"}

    check(path, phase("all"), [*map(phase, names)], tmp_path)
