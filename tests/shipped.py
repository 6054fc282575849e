"""The shipped scenarios and templates, each with all of its variants."""

from functools import lru_cache
from pathlib import Path

from simcoalesce.experiment.single_run import run
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario

ROOT = Path(__file__).parents[1]
SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))
INCIDENTS = sorted((ROOT / "scenarios" / "incidents").glob("*.yaml"))
TEMPLATES = sorted((ROOT / "simcoalesce/scenario/templates").glob("*.yaml"))


def labels(files: list[Path]) -> list[str]:
    """Return FILE and FILE@VARIANT of each file, without folder and suffix."""
    return [label for file in files for label in _labels(file)]


def _labels(file: Path) -> list[str]:
    names = Scenario.load(file).variants
    return [file.stem, *(f"{file.stem}@{name}" for name in names)]


@lru_cache
def loaded(label: str, folder: Path = ROOT / "scenarios") -> Scenario:
    """Return the scenario of a label, to be run by the readable engine."""
    stem, _, variant = label.partition("@")
    file = folder / f"{stem}.yaml"
    return Scenario.load(file, variant or None, overrides=("engine=simpy",))


@lru_cache(maxsize=4)
def outcomes(label: str) -> Outcomes:
    """Return one run of a shipped scenario under its own seed."""
    return run(loaded(label))
