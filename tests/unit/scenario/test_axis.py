"""Axes: values and ranges of a parameter, in the words of a scenario."""

import pytest

from simcoalesce.scenario.axis import Axis
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.scenario.builders import a_scenario


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("k=0ms,20ms,80ms", ("0ms", "20ms", "80ms")),
        ("k=180ms..2.88s/5log", ("180ms", "360ms", "720ms", "1.44s", "2.88s")),
        ("k=0ms..1s/3", ("0ms", "500ms", "1s")),
        ("k=50/s..800/s/3log", ("50/s", "200/s", "800/s")),
        ("k=10..1k/3log", ("10", "100", "1k")),
        ("k=1%..5%/3", ("1%", "3%", "5%")),
        ("k=0.5..1.5/3", ("0.5", "1", "1.5")),
        ("k=30s..5m/5", ("30s", "97.5s", "165s", "232s", "5m")),
        ("k=1m..1h/4", ("1m", "20.7m", "40.3m", "1h")),
        ("k=1us..2s/5log", ("1us", "37.6us", "1.41ms", "53.2ms", "2s")),
        ("k=1m30s..2min/3", ("1m30s", "105s", "2min")),
        ("k=1..3/5", ("1", "2", "3")),
        ("k=10k..1M/4log", ("10k", "46400", "215k", "1M")),
        ("k=10ms..100ms/4log", ("10ms", "21.5ms", "46.4ms", "100ms")),
        ("k=[a, b],[c]", ("[a, b]", "[c]")),
        ("k={a: 1, b: 2},{a: 3}", ("{a: 1, b: 2}", "{a: 3}")),
        ("k=../a.csv,../b.csv", ("../a.csv", "../b.csv")),
    ],
)
def test_an_axis_has_the_values_that_are_written(
    text: str, values: tuple[str, ...]
) -> None:
    """Lists as they are; ranges in equal steps or equal ratios, ends exact."""
    assert Axis.parse(text).values == values


def test_a_list_of_yaml_is_an_axis_too() -> None:
    """Numbers, words and whole paths."""
    axis = Axis.of(
        "path", [["kv.read", "origin"], [{"retry": {"attempts": 2}}, "origin"]]
    )

    assert axis.values == ("[kv.read, origin]", "[{retry: {attempts: 2}}, origin]")


def test_a_range_without_steps_has_values_for_samples() -> None:
    """Half of the way is the middle; of a logarithmic one, the geometric middle."""
    assert Axis.parse("k=0ms..2s").at(0.5) == "1s"
    assert Axis.parse("k=10ms..1s/log").at(0.5) == "100ms"


def test_a_sample_has_the_unit_that_was_asked_in() -> None:
    """Not 2483490ms; and nothing finer than a nanosecond."""
    assert Axis.parse("k=1m..1h").at(0.683, digits=6) == "41.297m"
    assert Axis.parse("k=1us..2us").at(0.123456, digits=6) == "1.123us"


def test_shares_of_a_list_are_its_elements() -> None:
    """Each element has an equal part of the way."""
    axis = Axis.parse("k=a,b,c,d")

    assert [axis.at(share) for share in (0.0, 0.24, 0.25, 0.99)] == ["a", "a", "b", "d"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("kv.write_latency", "write KEY="),
        ("k=", "write KEY="),
        ("k=1ms,,2ms", "empty value"),
        ("k=1ms,1ms", "twice"),
        ("k=1s..1ms/3", "must go up"),
        ("k=0ms..1s/3log", "cannot begin at 0ms"),
        ("k=1ms..5/3", "same kind of unit"),
        ("k=1ms..5ms/1", "two to 10,000 steps"),
        ("k=1ms..5ms/10001", "two to 10,000 steps"),
        ("k=red..green/3", "same kind of unit"),
    ],
)
def test_what_is_no_axis_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint):
        Axis.parse(text)


def test_a_scenario_may_say_what_is_swept() -> None:
    """In YAML, checked when it is read, and without any influence on numbers."""
    swept = a_scenario("sweep: {kv.write_latency: [0ms, 20ms]}\n")

    assert swept.sweep == {"kv.write_latency": ("0ms", "20ms")}
    assert swept.sha256 == a_scenario().sha256


def test_a_wrong_axis_in_a_scenario_is_found_when_it_is_read() -> None:
    """As any other mistake."""
    with pytest.raises(InvalidScenario, match="must go up"):
        a_scenario("sweep: {kv.write_latency: 2s..1s/5}\n")
