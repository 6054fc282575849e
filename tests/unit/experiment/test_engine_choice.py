"""Which engine simulates, and that it changes nothing."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from simcoalesce import Scenario, replicate, run
from simcoalesce.compiled import coverage
from simcoalesce.experiment import engine_choice

SCENARIOS = Path(__file__).parents[3] / "scenarios"
NAMES = ("flash-sale-9pm", "two-products", "poisoned-entry")

needs_llvmlite = pytest.mark.skipif(
    find_spec("llvmlite") is None, reason="the compiled engine needs llvmlite"
)


def a_scenario(name: str = "flash-sale-9pm", *overrides: str) -> Scenario:
    """Return a shipped scenario."""
    return Scenario.load(SCENARIOS / f"{name}.yaml", overrides=overrides)


@needs_llvmlite
@pytest.mark.parametrize("name", NAMES)
def test_the_result_document_is_the_same_on_both_engines(name: str) -> None:
    """Same file, same seed, same bytes, whatever the engine."""
    texts = {
        json.dumps(
            replicate(a_scenario(name, f"engine={chosen}"), replications=2).document()
        )
        for chosen in ("simpy", "compiled")
    }

    assert len(texts) == 1


@needs_llvmlite
def test_every_variant_of_the_flash_sale_is_the_same_on_both_engines() -> None:
    """All paths that the sale tries have kernels."""
    for variant in a_scenario().variants:
        scenario = a_scenario().with_variant(variant)
        plain = run(scenario, engine="simpy").requests
        compiled = run(scenario, engine="compiled").requests

        assert compiled.equals(plain), variant


@pytest.mark.parametrize(
    "rule",
    [
        "worker.cold_start=5ms",
        "worker.idle_after=30s",
        "worker.isolate_lifetime={exponential: 1m}",
        "traffic={routing: sharded, spill_above: 100}",
    ],
)
def test_isolates_that_come_and_go_run_on_the_readable_engine(rule: str) -> None:
    """The compiled one says why it does not."""
    demanded = a_scenario("flash-sale-9pm", rule, "engine=compiled")

    with pytest.raises(ValueError, match="isolates that come and go have no kernel"):
        run(demanded)


@needs_llvmlite
def test_a_home_that_is_never_full_is_the_same_on_both_engines() -> None:
    """Its requests are there from the start: no engine decides."""
    scenario = a_scenario("flash-sale-9pm", "traffic.routing=sharded")
    compiled = run(scenario, engine="compiled").requests

    assert compiled.equals(run(scenario, engine="simpy").requests)
    assert set(compiled.isolate) == {0}


def test_a_short_run_does_not_load_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading takes longer than the run."""
    monkeypatch.setitem(sys.modules, "simcoalesce.compiled.api", None)

    assert len(run(a_scenario()).requests) == 4_000


def test_the_compiled_engine_can_be_demanded_only_where_it_exists(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The message says what is missing."""
    monkeypatch.setattr(coverage, "_has_compiler", lambda: False)

    with pytest.raises(ValueError, match="llvmlite is not installed"):
        run(a_scenario(), engine="compiled")


@pytest.mark.parametrize(("is_warm", "expected"), [(True, True), (False, False)])
def test_auto_weighs_the_start(
    monkeypatch: pytest.MonkeyPatch, *, is_warm: bool, expected: bool
) -> None:
    """A second of work is worth a warm start, and no cold one."""
    monkeypatch.setattr(engine_choice, "is_warm", lambda: is_warm)
    monkeypatch.setattr(engine_choice, "why_not", lambda *_, **__: "")
    scenario = a_scenario()
    traffic = scenario.traffic.generate(seed=1, duration_ns=scenario.duration_ns)

    assert engine_choice.is_compiled(scenario, traffic, "auto", 60_000) == expected


def test_one_of_several_processes_has_one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    """The points of a sweep share the others, so a run is not cut there."""
    monkeypatch.setattr(engine_choice, "parent_process", object)

    assert engine_choice.cores_to_spare() == 1
