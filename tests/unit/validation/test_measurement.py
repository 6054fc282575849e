"""Measured runs: their document has all that they were."""

import json
from pathlib import Path

import pandas as pd
import pytest

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.scenario.shipped import shipped
from simcoalesce.validation.host_latency import HostLatency
from simcoalesce.validation.measure import MeasuredRun
from simcoalesce.validation.measurement import measurement
from simcoalesce.validation.validate import Validation
from tests.builders import at_ms
from tests.unit.report.builders import a_flash_sale


def a_record(folder: Path) -> Path:
    """Write the record of a run."""
    scenario = Scenario.load(shipped("flash-sale-9pm"), "naive")
    host_latency = HostLatency(((0, 60_000),), ((0, 50_000),), 8_000)
    measured_run = MeasuredRun(a_flash_sale(), at_ms(0), (), 10, host_latency)
    document = Validation(scenario, "workerd 1", measured_run, ()).document()
    path = folder / "measurement.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_the_tables_are_read_as_they_were_written(tmp_path: Path) -> None:
    """To the nanosecond."""
    written = a_flash_sale()

    read = measurement(a_record(tmp_path)).outcomes

    for name in ("requests", "origin_hits"):
        pd.testing.assert_frame_equal(
            getattr(read, name), getattr(written, name), check_categorical=False
        )
    assert read.usage == written.usage


def test_the_scenario_is_the_one_that_was_run(tmp_path: Path) -> None:
    """Whole, so that charts know its clock and its limits."""
    path = a_record(tmp_path)

    said = json.loads(path.read_text(encoding="utf-8"))["run"]
    assert measurement(path).scenario.sha256 == said["scenario_sha256"]


def test_only_a_record_is_one(tmp_path: Path) -> None:
    """A result has no lines that were compared."""
    path = tmp_path / "other.json"
    path.write_text('{"metrics": {}}', encoding="utf-8")

    with pytest.raises(ValueError, match="is no measured run"):
        measurement(path)
