"""Saved results: the scenario, the seed and the version that they were made of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import MODEL_VERSION, Result
from simcoalesce.scenario.scenario import Scenario

_SUFFIX: Final = ".json"


@dataclass(frozen=True)
class SavedResult:
    """What a result document says of its own making.

    Attributes:
        scenario: What was simulated.
        seed: Seed of the first replication.
        replications: How many runs are in it.
        metrics: Its numbers.
    """

    scenario: Scenario
    seed: int
    replications: int
    metrics: Mapping[str, Any]

    @property
    def seeds(self) -> tuple[int, int]:
        """The first seed, and how many there are."""
        return self.seed, self.replications


def is_saved(name: str) -> bool:
    """Whether a name is that of a result document, and not of a scenario."""
    if not name.endswith(_SUFFIX) or not Path(name).is_file():
        return False
    return b'"scenario_sha256"' in Path(name).read_bytes()[:4_096]


def saved(path: str | Path) -> SavedResult:
    """Return what a result document was made of: enough to make it again, bit by bit.

    Raises:
        ValueError: If it was made by another version of the model, or a file that its
            scenario names has changed since.
    """
    try:
        document = json.loads(Path(path).read_bytes())
        made_by = document["tool"]["model_version"]
        said = document["run"]
        seed, replications = int(said["seed"]), int(said["replications"])
        text = json.dumps(document["scenario"])
        metrics = document["metrics"]
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no result of simcoalesce: {error}") from None
    if made_by != MODEL_VERSION:
        raise ValueError(
            f"{path} was made by version {made_by} of the model, this is version"
            f" {MODEL_VERSION}: the numbers do not compare. Run its scenario again"
        )
    scenario = Scenario.parse(text, name=str(path), folder=Path(path).parent)
    _check(scenario, said, path)
    return SavedResult(scenario, seed, replications, metrics)


def made_again(
    path: str | Path, on_replication: Callable[[float, int], None] | None = None
) -> Result:
    """Run again what a result document was made of, rows and all.

    Args:
        path: The document.
        on_replication: Called after each run with how many are done, and of how many.

    Raises:
        ValueError: If that does not give the very numbers of the document.
    """
    known = saved(path)
    result = replicate(
        known.scenario,
        seed=known.seed,
        replications=known.replications,
        on_replication=on_replication,
    )
    again = {name: one.document() for name, one in result.estimates.items()}
    if result.complete and again != known.metrics:
        raise ValueError(
            f"{path}: its scenario and seed give other numbers than it holds; it was"
            " changed by hand, or made by another version. Run the scenario again"
        )
    return result


def _check(scenario: Scenario, said: dict[str, Any], path: str | Path) -> None:
    if scenario.sha256 != said["scenario_sha256"]:
        raise ValueError(
            f"{path}: a file that its scenario names has changed since, or is not"
            " beside it; run the scenario again"
        )
