"""A fitted scenario: YAML with its evidence, which loads."""

from pathlib import Path

from simcoalesce.fit.fitted_scenario import comment_of, fitted_scenario
from simcoalesce.fit.fitted_value import (
    CompanionFile,
    FittedValue,
    FittedValues,
    Rival,
    assumed,
    not_told,
)
from simcoalesce.scenario.scenario import Scenario

RATE = FittedValue(
    "rate",
    {"traffic.arrivals[0]": {"kind": "rate", "rate": "150/s"}},
    "mean outside of bursts",
    events=11_145,
    interval=("147/s", "153/s"),
)
PATH = FittedValue("path", {"path": ["cdn", "origin"]}, "X-Cache", events=1)
TTL = FittedValue("ttl", {"cdn.ttl": "20s"}, "hits and renewals", events=812)
LATENCY = assumed("latency", {"origin.latency": "120ms"}, "no origin time")
ALL = FittedValues((RATE, PATH, TTL, LATENCY))


def test_what_was_found_loads_as_a_scenario(tmp_path: Path) -> None:
    """Each path is set; a list is made of its numbered items."""
    scenario = fitted_scenario(ALL, stem="sale").load(tmp_path)

    document = scenario.document()
    assert scenario.name == "sale"
    assert document["traffic"]["arrivals"][0]["rate"] == "150/s"
    assert document["path"][0]["cdn"]["ttl"] == "20s"


def test_a_long_comment_stands_above_its_line() -> None:
    """It is wrapped at 100 columns."""
    long = FittedValue("ttl", {"cdn.ttl": "20s"}, "hits and renewals " * 8, 812)

    lines = fitted_scenario(FittedValues((long,))).text.splitlines()

    assert lines[-1] == "  ttl: 20s"
    assert lines[-3].startswith("  # hits and renewals")
    assert max(map(len, lines)) <= 100


def test_each_line_has_its_evidence() -> None:
    """Value, interval and number of observations; or that it is assumed."""
    lines = fitted_scenario(ALL).text.splitlines()

    evidence = "mean outside of bursts; 95 %: 147/s to 153/s; 11,145 events"
    assert f"    - {{kind: rate, rate: 150/s}}  # {evidence}" in lines
    assert "  ttl: 20s  # hits and renewals; 812 events" in lines
    assumption = "  latency: 120ms  # not in this log: assumed; no origin time"
    assert assumption in lines


def test_a_comment_says_what_contradicts_a_value_and_its_rival() -> None:
    """The evidence of the choice stands beside it."""
    rival = Rival("sliding window", contradictions=683)
    value = FittedValue("limit", {"a": 1}, "429s", 1_755, contradictions=106)
    limit = FittedValue("limit", {"a": 1}, "429s", 1_755, None, 106, rival)

    assert comment_of(value) == "429s; 1,755 events; 106 contradict it"
    assert comment_of(limit).endswith("106 contradict it; sliding window: 683")


def test_companion_files_are_written_with_the_scenario(tmp_path: Path) -> None:
    """They are named after it, and the scenario names them."""
    arrivals = {
        "kind": "replay",
        "file": CompanionFile("log.csv", b"time_s,key\n0.5,a\n"),
    }
    found = ALL.plus(FittedValue("rate", {"traffic.arrivals[0]": arrivals}, "", 1))

    made = fitted_scenario(found, stem="sale")
    path = made.write(tmp_path)

    assert made.names == ("sale-log.csv", "sale.yaml")
    assert (tmp_path / "sale-log.csv").read_bytes() == b"time_s,key\n0.5,a\n"
    assert "file: sale-log.csv" in path.read_text()
    assert Scenario.load(path).name == "sale"


def test_a_part_of_what_was_one_line_gets_a_line_of_its_own() -> None:
    """A later estimator adds to what an earlier one set as a whole."""
    origin = FittedValue("origin", {"origin": {"latency": "120ms"}}, "successes", 20)
    faults = FittedValue("outage", {"origin.faults": []}, "no failure", 20)

    text = fitted_scenario(FittedValues((origin, faults))).text

    assert "  latency: 120ms  # successes; 20 events\n  faults: []" in text


def test_few_events_hardly_tell() -> None:
    """Nine are few; what is assumed is not told, however many there are."""
    told = [FittedValue("a", {"a": 1}, events=events).told for events in (9, 10)]

    assert told == ["hardly told", "told"]
    assert LATENCY.told == not_told("lock", "nobody met it").told == "not told"
    assert not FittedValues((LATENCY,)).tells("latency")


def test_a_rival_that_is_not_excluded_can_be_tried() -> None:
    """It takes the place of the value."""
    rival = Rival("lock", 3, {"lock.ttl": "20s"}, is_excluded=False)
    value = FittedValue("ttl", {"cdn.ttl": "20s"}, rival=rival)

    other = value.as_rival

    assert other is not None
    assert other.sets == {"lock.ttl": "20s"}
    assert TTL.as_rival is None
