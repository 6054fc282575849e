"""What a log says reaches the requests that it speaks of."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simcoalesce import Scenario, run
from simcoalesce.explain.causes.cause import causes
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.traffic.log_cursor import LogCursor, overwrite
from simcoalesce.traffic.recording import NOT_LOGGED, Recording


def _column(*values: int) -> NDArray[np.int32]:
    return np.array(values, dtype=np.int32)


def _recording() -> Recording:
    return Recording(
        name="a.csv",
        at_ns=np.array([1, 2, 3]),
        key=_column(0, NOT_LOGGED, 1),
        location=_column(NOT_LOGGED, 0, 0),
        isolate=_column(5, 6, NOT_LOGGED),
        keys=("x", "y"),
        locations=("icn",),
        stamp_ns=1,
        warnings=(),
    )


def test_entries_are_played_in_order() -> None:
    """Each chunk takes the next entries; codes are those of the whole traffic."""
    cursor = LogCursor(1, _recording(), ("y", "k", "x"), ("nrt", "icn"))
    first = cursor.next_rows(_column(0, 1, 0, 1))
    second = cursor.next_rows(_column(1))

    assert first.rows.tolist() == [1, 3]
    assert first.key.tolist() == [2, NOT_LOGGED]
    assert first.location.tolist() == [NOT_LOGGED, 1]
    assert (second.key.tolist(), second.isolate.tolist()) == ([0], [NOT_LOGGED])


def test_a_log_says_which_entries_no_store_may_answer() -> None:
    """The first and the third, in whichever chunk they come."""
    recording = replace(_recording(), storable=np.array([False, True, False]))
    cursor = LogCursor(1, recording, ("x", "y"), ("icn",))
    chunks = [cursor.next_rows(_column(*phases)) for phases in ((1, 0, 1), (1,))]

    flags = [one.storable.tolist() for one in chunks if one.storable is not None]
    assert flags == [[False, True], [False]]


def test_what_is_unsaid_stays_as_drawn() -> None:
    """Only what the log says is written."""
    column = np.array([7, 8, 9])

    overwrite(column, np.array([0, 2]), np.array([1, NOT_LOGGED]))

    assert column.tolist() == [1, 8, 9]


def test_the_posts_of_a_log_are_calls_and_answer_no_get(tmp_path: Path) -> None:
    """A second apart: a GET, a POST, a HEAD, and a DELETE of one key."""
    line = '1.2.3.4 - - [30/Nov/2026:21:00:0{} +0900] "{} /a HTTP/1.1" 200 5 "-" "-"\n'
    methods = enumerate(("GET", "POST", "HEAD", "DELETE"))
    log = tmp_path / "access.log"
    log.write_text("".join(line.format(*one) for one in methods))
    sale = Scenario.parse(
        f"""
        traffic: {{arrivals: [{{kind: replay, file: {log}, key: path}}]}}
        duration: 9s
        origin: {{latency: 20ms}}
        path: [kv.read, single_flight, kv.write, origin]
        """
    )

    assert run(sale).requests.lookup.tolist() == ["miss", "bypass", "hit", "bypass"]
    assert len(run(sale).origin_hits) == 3
    edit = ScenarioEdit(sale)
    assert causes()["bypass"].remove(edit, sale) == (
        "replay cached methods GET, HEAD → all"
    )
    assert run(edit.scenario()).requests.lookup.tolist() == ["miss", *["hit"] * 3]
