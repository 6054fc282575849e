"""The worker of a page: what it is asked, and what it tells, in this process."""

import json
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.serve.worker import PageWorker
from tests.unit.serve.builders import sale_file

Told = list[tuple[str, dict[str, Any]]]


class Desk:
    """A worker, and the other end of its connection."""

    def __init__(self, folder: Path) -> None:
        """Give it the small sale."""
        self.ours, theirs = Pipe()
        self.worker = PageWorker(theirs, str(sale_file(folder).path))

    def ask(self, what: str = "change", number: int = 1, **more: Any) -> None:
        """Ask something."""
        job = {"what": what, "number": number, **more}
        self.ours.send_bytes(json.dumps(job).encode())

    def told(self) -> Told:
        """Let it answer, and return what it told."""
        self.worker.answer_next()
        found: Told = []
        while self.ours.poll():
            event, number, said = self.ours.recv_bytes().split(b"\n", 2)
            assert json.loads(said)["number"] == int(number)
            found.append((event.decode(), json.loads(said)))
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a worker of the small sale."""
    return Desk(tmp_path)


def test_a_change_is_answered_by_one_run_and_then_by_thirty(desk: Desk) -> None:
    """Charts first, then the controls, then numbers that are known ever better."""
    desk.ask(state={"set": ["kv.write_latency=20ms"]})

    told = desk.told()

    kept = [(event, said.get("runs")) for event, said in told if event != "progress"]
    assert [event for event, _ in kept[:3]] == ["started", "charts", "page"]
    assert [runs for event, runs in kept if event == "numbers"] == [1, 2, 5, 10, 20, 30]
    assert kept[-1][0] == "finished"


def test_charts_show_the_run_and_that_of_the_file(desk: Desk) -> None:
    """Arrivals add up to the requests; the file's own line is in the panels."""
    desk.ask(state={"set": ["kv.write_latency=20ms"]}, view="whole")

    charts = dict(desk.told())["charts"]

    arrivals = charts["panels"][0]
    assert sum(sum(bar["values"]) for bar in arrivals["bars"]) == 40
    assert [line["name"] for line in charts["panels"][1]["lines"]] == ["limit", "file"]
    assert len(charts["points"]["requests"]) == 40
    assert charts["state"]["set"] == ["kv.write_latency=20ms"]


def test_numbers_are_compared_with_those_of_the_file(desk: Desk) -> None:
    """With a verdict; and the share of runs in which the origin refuses."""
    desk.ask(state={"variant": "per-key"})

    numbers = desk.told()[-2][1]

    rows = {row[0]["text"]: row for row in numbers["numbers"]["rows"]}
    assert rows["origin_hits"][2]["text"] == "1"
    assert rows["origin_hits"][3] == {"text": "better, in 30 of 30", "tone": "good"}
    refusals = next(one for one in numbers["tiles"] if "refusal" in one["what"])
    assert (refusals["now"], refusals["file"]) == ("0 %", "100 %")
    assert numbers["expectations"]["rows"][0][0]["text"] == "✓"


def test_what_is_wrong_names_its_control_and_the_worker_goes_on(desk: Desk) -> None:
    """The project's own message, without the scenario around it."""
    desk.ask(state={"set": ["kv.write_latency=80"]})
    desk.ask(number=2, state={})

    problem = dict(desk.told())["problem"]["problems"][0]

    assert problem["key"] == "kv.write_latency"
    assert "has no unit; write e.g. 80ms" in problem["message"]
    assert dict(desk.told())["finished"]["number"] == 2


def test_a_newer_change_ends_the_one_under_way(desk: Desk) -> None:
    """Nobody waits for its thirty runs; what was asked between is dropped."""
    desk.ask(state={})
    desk.ask("why", 2, state={}, request="slowest")
    desk.ask(number=3, state={"set": ["seed=4"]})

    first, second = desk.told(), desk.told()

    assert "finished" not in dict(first)
    assert dict(second)["finished"]["number"] == 3


def test_why_traces_a_request_of_the_changed_scenario(desk: Desk) -> None:
    """In the words of the command."""
    state = {"set": ["origin.latency=200ms"]}
    desk.ask("why", state=state, request="first-429")

    text = dict(desk.told())["why"]["text"]

    assert "refused by the origin" in text


def test_explain_tells_how_far_it_is_and_then_its_report(desk: Desk) -> None:
    """Of a variant: what was reported of the file is left out."""
    desk.ask("explain", state={"set": ["traffic.arrivals[0].requests=10"]})

    told = desk.told()

    assert [event for event, _ in told if event != "progress"] == [
        *("started", "explained", "finished")
    ]
    assert dict(told)["explained"]["blocks"]


@pytest.mark.parametrize(
    ("action", "changed"),
    [
        ({"act": "add", "kind": "single_flight"}, "single_flight, origin]"),
        ({"act": "remove", "at": 0}, "path=[{kv.write: {ttl: 60s}}, origin]"),
        ({"act": "remedy", "kind": "faster_kv_writes"}, "kv.write_latency=20ms"),
    ],
)
def test_a_button_returns_the_state_that_it_leads_to(
    desk: Desk, action: dict[str, Any], changed: str
) -> None:
    """The page keeps it in its address."""
    desk.ask(state={}, do=action)

    (change,) = dict(desk.told())["charts"]["state"]["set"]

    assert change.endswith(changed)


@pytest.mark.parametrize(
    "action", [{}, "add", {"act": "run"}, {"act": "move", "at": 0}]
)
def test_what_is_no_action_is_refused(desk: Desk, action: Any) -> None:
    """As a page of an older version might send it."""
    desk.ask(state={}, do=action)

    problem = dict(desk.told())["problem"]["problems"][0]

    assert problem["message"] == "there is no such action"
