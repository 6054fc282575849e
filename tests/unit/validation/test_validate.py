"""Validation: what it is asked to run on, and what it says of the lines."""

from dataclasses import replace
from pathlib import Path

import pytest

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.validation.agreement import Line
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.targets import workerd
from simcoalesce.validation.validate import Validation, validate
from tests.builders import at_ms
from tests.unit.report.builders import a_flash_sale
from tests.unit.validation.builders import a_scenario

ONE = Estimate(1.0, 0.0, 1.0, 1.0, 2, "1")
LINE = Line("origin_hits", 1.0, ONE, 1.0, 0.98, 1.02)


def a_validation(*lines: Line) -> Validation:
    """Return a validation of a flash sale, with these lines."""
    host_latency = HostLatency(((0, 60_000),), ((0, 50_000),), 8_000)
    run = MeasuredRun(a_flash_sale(), at_ms(0), (), 10, host_latency)
    return Validation(a_scenario(), "workerd 1", run, lines)


def test_it_agrees_if_every_line_does() -> None:
    """One that differs is enough."""
    differs = replace(LINE, measured=2.0)

    assert a_validation(LINE, LINE).agrees
    assert not a_validation(LINE, differs).agrees


def test_the_document_has_the_host_latency_in_seconds_of_model_time() -> None:
    """And the version of its schema."""
    document = a_validation(LINE).document()

    assert document["schema_version"] == "2"
    assert document["run"]["timer_lag_s"] == 50e-6
    assert document["run"]["request_cpu_s"] == 8e-6
    assert document["agreement"][0]["predicted_with_host_latency"] == 1.0


def test_a_line_that_says_nothing_is_no_agreement() -> None:
    """Nor is it a difference."""
    vague = a_validation(LINE, replace(LINE, low=0.0, high=9.0, widest=0.5))

    assert (vague.agrees, vague.differs) == (False, False)
    assert vague.document()["agreement"][1]["says_nothing_because"] == "machine"


def test_the_testbed_is_found_above_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If it does not stand beside the package."""
    (tmp_path / "testbed/worker/src").mkdir(parents=True)
    (tmp_path / "testbed/worker/src/entry.ts").touch()
    (tmp_path / "scenarios").mkdir()
    monkeypatch.chdir(tmp_path / "scenarios")
    monkeypatch.setattr(workerd, "_TESTBED", tmp_path / "nowhere")

    assert workerd.found_testbed() == tmp_path / "testbed"


def test_another_target_is_refused_with_those_there_are() -> None:
    """From Python nobody checks the choice before."""
    with pytest.raises(
        CannotValidate, match="write one of haproxy, nginx, redis, squid"
    ):
        validate(a_scenario(), "apache")
