"""Members from outside: a layer that the caller wrote is a word like any other."""

import pickle
import subprocess
import sys
from typing import Literal

import numpy as np
import pytest
from typing_extensions import override

from simcoalesce.compiled.coverage import why_not
from simcoalesce.discovery import PluginError, extra_members
from simcoalesce.experiment.single_run import run
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.model.clock import START, Fetch, Steps
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.request import Request
from simcoalesce.scenario.effective_config import effective_config
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.schema import schema
from simcoalesce.spec import default
from simcoalesce.units import Duration
from tests.unit.scenario.builders import TEXT, only_error, replaced


class Slow(Layer):
    """Every request waits."""

    kind: Literal["slow"] = "slow"
    delay_ns: Duration = default("1s")

    @override
    def wrap(self, fetch: Fetch, context: LayerContext) -> Fetch:
        def wait(request: Request) -> Steps:
            yield context.clock.after(self.delay_ns, START, request)
            return (yield from fetch(request))

        return wait


SLOW = replaced("[kv.read,", "[slow, kv.read,")


def slow(text: str = SLOW, *overrides: str) -> Scenario:
    """Return a scenario that has the layer in its path."""
    return Scenario.parse(text, name="sale.yaml", overrides=overrides, extra=[Slow])


def test_a_layer_that_is_passed_is_a_word_of_the_path() -> None:
    """It delays every request, in the run as in one with other parameters."""
    plain = run(Scenario.parse(TEXT, name="sale.yaml"), seed=1).requests.latency_s
    late = run(slow(), seed=1).requests.latency_s
    later = run(slow().with_overrides("slow.delay=2s"), seed=1).requests.latency_s

    np.testing.assert_allclose(late - plain, 1.0)
    np.testing.assert_allclose(later - plain, 2.0)


def test_without_it_the_word_is_unknown() -> None:
    """Nothing is left behind by who passed it."""
    slow()

    assert only_error(SLOW).message.startswith('there is no layer "slow". There')


def test_it_is_known_wherever_layers_are_known() -> None:
    """In suggestions, sections, variants, edits, the list of all values, the schema."""
    text = SLOW + "slow: {delay: 3s}\nvariants: {twice: {slow: {delay: 6s}}}\n"
    with pytest.raises(ValueError, match='"slwo" — did you mean "slow"'):
        slow(replaced("[kv.read", "[slwo"))
    with pytest.raises(ValueError, match='unknown key — did you mean "delay"'):
        slow(SLOW + "slow: {dealy: 3s}")

    assert "delay: 3s" in effective_config(slow(text))
    assert slow(text).with_variant("twice").path == slow(SLOW, "slow.delay=6s").path
    assert ScenarioEdit(slow(text)).scenario().path == slow(text).path
    with extra_members([Slow]):
        assert "delay" in schema()["definitions"]["section-slow"]["properties"]


def test_a_scenario_of_python_needs_no_registration() -> None:
    """A member is a member; its changes know it too."""
    traffic, path = slow().traffic, slow().path
    made = Scenario(traffic=traffic, path=path)

    assert made.with_overrides("slow.delay=2s").path[0].document()["delay"] == "2s"


class Retry(Slow):
    """Has the name of a class of the package."""

    kind: Literal["patient"] = "patient"  # type: ignore[assignment]


class Month(Slow):
    """Has the name of a key of scenarios."""

    kind: Literal["month"] = "month"  # type: ignore[assignment]


def test_its_class_may_have_the_name_of_another() -> None:
    """Only kinds must differ."""
    with extra_members([Slow, Retry]):
        definitions = schema()["definitions"]

    assert {"layer-retry", "layer-patient", "layer-slow"} <= definitions.keys()


def test_its_section_cannot_be_a_key_of_scenarios() -> None:
    """It could not be told which of the two is meant."""
    with pytest.raises(PluginError, match='its section "month" is a key of every'):
        Scenario.parse(TEXT, extra=[Month])


def test_no_kernel_is_claimed_for_it() -> None:
    """So the readable engine takes it, unless the compiled one is demanded."""
    scenario = slow(SLOW, "traffic.arrivals[0].requests=7k")

    assert why_not(scenario.path, keys=1, locations=1) == "slow has no kernel"
    with pytest.raises(ValueError, match="slow has no kernel"):
        run(scenario.with_overrides("engine=compiled"), seed=1)


def test_another_process_knows_it() -> None:
    """By its module; its code is a part of what decides the numbers."""
    sent = pickle.loads(pickle.dumps(slow()))  # noqa: S301 - our own bytes

    assert sent.with_overrides("slow.delay=2s") == slow(SLOW, "slow.delay=2s")
    assert sent.sha256 == slow().sha256


def test_a_class_that_no_other_process_can_import_is_not_sent() -> None:
    """The message says what to do."""

    class Local(Slow):
        kind: Literal["local"] = "local"  # type: ignore[assignment]

    scenario = Scenario.parse(TEXT, name="sale.yaml", extra=[Local])

    with pytest.raises(PluginError, match=r"Local is written in .* move it into a mod"):
        pickle.dumps(scenario)


def test_no_package_is_looked_for_before_a_scenario_is_read() -> None:
    """So importing the package is as fast as without packages."""
    code = (
        "import sys, simcoalesce.scenario.scenario, simcoalesce.cli.run;"
        "from simcoalesce.discovery import _installed as found;"
        "sys.exit(found.cache_info().currsize)"
    )

    assert not subprocess.run([sys.executable, "-c", code], check=False).returncode  # noqa: S603
