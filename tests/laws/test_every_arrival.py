"""What every kind of arrivals of an open loop obeys."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from simcoalesce.discovery import members
from simcoalesce.request import Requests
from simcoalesce.traffic import Traffic
from simcoalesce.traffic.arrival import Arrival

S = 10**9
DURATION_NS = 5 * S
LOG = "".join(
    f'h - - [05/Jun/2026:21:00:{i % 7:02} +0900] "GET /{i % 5} HTTP/1.1" 200 1\n'
    for i in range(3_000)
)
EXAMPLES: dict[str, dict[str, Any]] = {
    "burst": {"requests": 900, "within": "700ms", "every": "500ms"},
    "even": {"requests": "6k", "every_request": "1ms"},
    "flash_crowd": {"base": "50/s", "peak": "2k/s", "rise": "1s", "decay": "1s"},
    "mmpp": {
        "quiet": "100/s",
        "busy": "3k/s",
        "quiet_for": "200ms",
        "busy_for": "100ms",
    },
    "prewarm": {"rate": "700/s", "rounds": 50},
    "ramp": {"from": "2k/s", "to": "0/s", "for": "8s"},
    "rate": {"rate": "700/s"},
    "replay": {"file": "a.log"},
}
KINDS = sorted(
    kind
    for kind, arrival in members(Arrival, "simcoalesce.traffic.arrivals").items()
    if not arrival.is_closed
)
_EVERY = pytest.mark.parametrize("kind", KINDS)


def _chunks(
    folder: Path, *phases: dict[str, Any], seed: int = 1, rows: int = 65_536
) -> list[Requests]:
    (folder / "a.log").write_text(LOG)
    traffic = Traffic.model_validate(
        {
            "arrivals": phases,
            "keys": {"kind": "zipf", "s": 0.9, "n": 50},
            "locations": {"icn": 3, "nrt": 1},
            "isolates": 10,
        },
        context={"folder": folder},
    )
    made = traffic.generate(seed=seed, duration_ns=DURATION_NS, rows=rows)
    return list(made.chunks)


def _columns(chunks: list[Requests]) -> list[list[int]]:
    joined = Requests.joined(chunks)
    columns: list[NDArray[np.int64]] = [
        *(joined.arrived_at_ns, joined.key, joined.location, joined.isolate)
    ]
    return [column.tolist() for column in columns]


def _phase(kind: str, **fields: Any) -> dict[str, Any]:
    return {"kind": kind} | EXAMPLES[kind] | fields


def test_every_kind_has_an_example() -> None:
    """A new kind of arrivals is held to the laws as well."""
    assert sorted(EXAMPLES) == KINDS


@_EVERY
def test_arrivals_are_in_order_within_the_scenario(kind: str, tmp_path: Path) -> None:
    """Instants ascend, from zero up to but not including the end; there are some."""
    requests = Requests.joined(_chunks(tmp_path, _phase(kind)))

    assert len(requests) > 1_000
    assert (np.diff(requests.arrived_at_ns) >= 0).all()
    assert requests.arrived_at_ns[0] >= 0
    assert requests.arrived_at_ns[-1] < DURATION_NS


@_EVERY
def test_ids_count_up_over_all_chunks(kind: str, tmp_path: Path) -> None:
    """Each chunk starts where the one before it ended."""
    chunks = _chunks(tmp_path, _phase(kind), rows=256)
    ends = np.cumsum([len(chunk) for chunk in chunks]).tolist()

    assert [chunk.first_id for chunk in chunks] == [0, *ends[:-1]]


@_EVERY
def test_the_same_seed_brings_the_same_requests(kind: str, tmp_path: Path) -> None:
    """A run can be repeated to the last bit."""
    first = _columns(_chunks(tmp_path, _phase(kind), seed=7))

    assert _columns(_chunks(tmp_path, _phase(kind), seed=7)) == first


@_EVERY
def test_another_seed_brings_other_requests(kind: str, tmp_path: Path) -> None:
    """Replications are not copies of each other."""
    first = _columns(_chunks(tmp_path, _phase(kind), seed=7))

    assert _columns(_chunks(tmp_path, _phase(kind), seed=8)) != first


@_EVERY
@pytest.mark.parametrize("rows", [13, 97, 10_000])
def test_the_size_of_chunks_changes_nothing(
    kind: str, rows: int, tmp_path: Path
) -> None:
    """However the traffic is cut, the requests are the same."""
    whole = _columns(_chunks(tmp_path, _phase(kind), _phase("rate")))

    cut = _columns(_chunks(tmp_path, _phase(kind), _phase("rate"), rows=rows))

    assert cut == whole


@_EVERY
def test_another_phase_does_not_move_arrivals(kind: str, tmp_path: Path) -> None:
    """A phase added at the end leaves the instants of the first one alone."""
    alone = _columns(_chunks(tmp_path, _phase(kind)))[0]
    both = _columns(_chunks(tmp_path, _phase(kind), _phase("even")))[0]
    even = _columns(_chunks(tmp_path, _phase("even")))[0]

    assert both == sorted(alone + even)


@_EVERY
def test_at_shifts_every_arrival(kind: str, tmp_path: Path) -> None:
    """A phase that starts 2 s later is the same phase, 2 s later and cut sooner."""
    now = np.array(_columns(_chunks(tmp_path, _phase(kind)))[0])
    later = _columns(_chunks(tmp_path, _phase(kind, at="2s")))[0]

    assert later == (now[now < DURATION_NS - 2 * S] + 2 * S).tolist()


@_EVERY
def test_until_ends_a_phase_and_moves_nothing(kind: str, tmp_path: Path) -> None:
    """What comes before is the same; a second phase goes on."""
    whole = np.array(_columns(_chunks(tmp_path, _phase(kind)))[0])
    cut = _columns(_chunks(tmp_path, _phase(kind, until="2s")))[0]

    assert cut == whole[whole < 2 * S].tolist()


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "replay"])
def test_the_expected_number_of_requests_is_about_right(
    kind: str, tmp_path: Path
) -> None:
    """Who is told beforehand how many come is not told too few, or far too many."""
    runs = [_chunks(tmp_path, _phase(kind), seed=seed) for seed in range(10)]
    come = np.mean([len(Requests.joined(chunks)) for chunks in runs])
    traffic = Traffic.model_validate(
        {"arrivals": [_phase(kind)], "locations": {"icn": 3, "nrt": 1}}
    )

    assert come / 1.1 <= traffic.expected_requests(DURATION_NS) <= 1.6 * come
