"""Saved results: the scenario, the seed and the version that they were made of."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.scenario.scenario import Scenario

_SUFFIX: Final = ".json"


@dataclass(frozen=True)
class Saved:
    """What a result document says of its own making.

    Attributes:
        scenario: What was simulated.
        seed: Seed of the first replication.
        replications: How many runs are in it.
    """

    scenario: Scenario
    seed: int
    replications: int

    @property
    def seeds(self) -> tuple[int, int]:
        """The first seed, and how many there are."""
        return self.seed, self.replications


def is_saved(name: str) -> bool:
    """Whether a name is that of a result document, and not of a scenario."""
    if not name.endswith(_SUFFIX) or not Path(name).is_file():
        return False
    return b'"scenario_sha256"' in Path(name).read_bytes()[:4_096]


def saved(path: str | Path) -> Saved:
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
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no result of simcoalesce: {error}") from None
    if made_by != MODEL_VERSION:
        raise ValueError(
            f"{path} was made by version {made_by} of the model, this is version"
            f" {MODEL_VERSION}: the numbers do not compare. Run its scenario again"
        )
    scenario = Scenario.parse(text, name=str(path), folder=Path(path).parent)
    _check(scenario, said, path)
    return Saved(scenario, seed, replications)


def _check(scenario: Scenario, said: dict[str, Any], path: str | Path) -> None:
    if scenario.sha256 != said["scenario_sha256"]:
        raise ValueError(
            f"{path}: a file that its scenario names has changed since, or is not"
            " beside it; run the scenario again"
        )
