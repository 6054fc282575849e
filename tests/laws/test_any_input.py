"""Whatever is read, the outcome is a scenario or a error, soon."""

import time
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.layer_section import layer_sections
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.scenario.builders import TEXT

SLOW_ENOUGH = settings(
    max_examples=100, deadline=None, suppress_health_check=list(HealthCheck)
)
VALUES = (
    "80ms 800 5% 1/s 1e999 -1 .inf .nan null true ~ '' \"\\ud800\" 0x7f &a *a !t <<"
    " burst one zipf replay fixed_window errors<=1 9999999999999999999999 1e99 a.csv"
)
KEYS = (
    *ScenarioSpec.model_fields,
    *layer_sections(),
    *Layer.members(),
    *("variants", "extends", "kind", "arrivals", "keys", "requests", "within", "rate"),
    *("latency", "median", "p99", "rate_limit", "faults", "events", "hours", "file"),
)
WORDS = st.sampled_from([*KEYS, *VALUES.split()])
YAML = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(WORDS, inner, max_size=4).map(
            lambda table: f"{{{', '.join(f'{k}: {v}' for k, v in table.items())}}}"
        ),
    ),
    max_leaves=20,
)


def _outcome(text: str | bytes, *overrides: str) -> Any:
    started = time.process_time()
    try:
        outcome: Any = Scenario.parse(text, overrides=overrides)
    except InvalidScenario as error:
        outcome = str(error)
        outcome.encode()
    assert time.process_time() - started < 5
    return outcome


@SLOW_ENOUGH
@given(st.binary(max_size=400))
def test_bytes(content: bytes) -> None:
    """Noise is refused with a message."""
    assert isinstance(_outcome(content), (str, Scenario))


@SLOW_ENOUGH
@given(st.text(max_size=400))
@example("\ufeff")
@example("a: \ud800")
def test_texts(content: str) -> None:
    """So is any text."""
    assert isinstance(_outcome(content), (str, Scenario))


@SLOW_ENOUGH
@given(st.text(alphabet="[]{}:,-?!&*#|>'\"%@` \n\tab1", max_size=200))
def test_punctuation(content: str) -> None:
    """What YAML is made of, in any order."""
    assert isinstance(_outcome(content), (str, Scenario))


@SLOW_ENOUGH
@given(st.dictionaries(WORDS, YAML, max_size=6))
def test_words_of_a_scenario_in_any_order(table: dict[str, str]) -> None:
    """Every part meets every value."""
    text = "".join(f"{key}: {value}\n" for key, value in table.items())

    assert isinstance(_outcome(text), (str, Scenario))


@SLOW_ENOUGH
@given(st.sampled_from(range(len(TEXT.splitlines()))), WORDS, YAML)
def test_one_more_line_in_a_valid_scenario(at: int, key: str, value: str) -> None:
    """At any depth."""
    lines = TEXT.splitlines()
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at, f"{indent}{key}: {value}")

    assert isinstance(_outcome("\n".join(lines)), (str, Scenario))


@SLOW_ENOUGH
@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(0, 3), YAML)
def test_overrides(steps: list[str], index: int, value: str) -> None:
    """Any way to any value."""
    change = f"{'.'.join(steps)}={value}"
    element = f"{steps[0]}[{index}]={value}"

    assert isinstance(_outcome(TEXT, change), (str, Scenario))
    assert isinstance(_outcome(TEXT, element), (str, Scenario))


@SLOW_ENOUGH
@given(st.text(max_size=60))
def test_overrides_of_any_text(change: str) -> None:
    """Even without a sign of equality."""
    assert isinstance(_outcome(TEXT, change), (str, Scenario))


def test_a_mebibyte_of_nearly_anything_is_refused_soon() -> None:
    """Time is bounded by the size of the text."""
    for unit in (
        "#",
        "a ",
        "- ",
        "[",
        "{a: ",
        "a: 1\n",
        "&a ",
        "'",
        "\n",
        "? ",
        "[a, ",
    ):
        assert isinstance(_outcome(unit * ((1 << 20) // len(unit))), str)


def test_long_values_are_refused_soon_and_shortly() -> None:
    """In any part."""
    for value in ("9" * 500_000, "1x" * 250_000, "a" * 500_000, "[" * 40 + "]" * 40):
        for key in ("duration", "seed", "name", "expect", "path", "zzz", "origin"):
            outcome = _outcome(f"{key}: {value}\n{TEXT}")

            assert isinstance(outcome, str)
            assert len(outcome) < 10_000


def test_many_variants_of_much_are_refused_soon() -> None:
    """Each would have to be checked."""
    burst = "    - {kind: burst, requests: 800, within: 400ms}\n"
    variants = "variants:\n" + "".join(f"  v{i}:\n" for i in range(5_000))
    outcome = _outcome(TEXT.replace(burst, burst * 500) + variants)

    assert "too much to check" in outcome


def test_many_broken_variants_are_told_soon() -> None:
    """Until it is enough."""
    broken = "".join(f"  v{i}: {{kv: {{ttl: {i}}}}}\n" for i in range(3_000))
    outcome = _outcome(f"{TEXT}variants:\n{broken}")

    assert outcome.endswith(" problems, nothing was run.")
    assert len(outcome) < 10_000
