"""Saved results: the scenario, the seed and the version that they were made of."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from simcoalesce.confinement import confined_to_folder_of
from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import MODEL_VERSION, SCHEMA_VERSION, Result
from simcoalesce.json_text import parsed_json
from simcoalesce.plain import plain
from simcoalesce.regular_file import opened
from simcoalesce.scenario.scenario import Scenario

_MADE_BY: Final = {
    "agreement": "validate FILE --against TARGET -o measurement.json",
    "remedies": "explain FILE -o explain.json",
}
"""Which command makes a document with such a part; `run` makes all others."""


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


def is_saved(name: str) -> bool:
    """Whether a name is that of a result document, and not of a scenario."""
    if not name.endswith(".json") or not Path(name).is_file():
        return False
    return b'"scenario_sha256"' in Path(name).read_bytes()[:4_096]


def saved_document(path: str | Path) -> dict[str, Any]:
    """Read a JSON document that a command has saved.

    Raises:
        ValueError: If it cannot be read, is none, or has an older schema.
    """
    try:
        with opened(Path(path)) as file:
            document = parsed_json(file.read())
    except OSError as error:
        raise ValueError(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        document = None
    if isinstance(document, dict):
        _check_schema(document, path)
        return document
    raise _no_result(path, "it is no JSON document")


def _no_result(path: str | Path, why: str) -> ValueError:
    return ValueError(
        f"{path} is no result: {why}; write one with simcoalesce run FILE -o"
        " result.json"
    )


def _check_schema(document: Mapping[str, Any], path: str | Path) -> None:
    version = document.get("schema_version", SCHEMA_VERSION)
    if version != SCHEMA_VERSION:
        made_by = [how for part, how in _MADE_BY.items() if part in document]
        command = made_by[0] if made_by else "run FILE -o result.json"
        raise ValueError(other_schema(path, str(version), command))


def other_schema(path: str | Path, version: str, command: str) -> str:
    """Return what is said of a file with another schema, and how to make it anew."""
    if version < SCHEMA_VERSION:
        age, how = "an older", "; make it anew"
    else:
        age, how = "a newer", ": update simcoalesce, or make it anew with this version"
    return (
        f"{path} was made by {age} simcoalesce (schema version {version}){how}:"
        f" simcoalesce {command}"
    )


def saved_result(path: str | Path) -> SavedResult:
    """Return what a result document was made of: enough to make it again, bit by bit.

    Raises:
        ValueError: If it is none, was made by another version of the schema or of the
            model, or a file that its scenario names has changed since.
    """
    document = saved_document(path)
    try:
        made_by = document["tool"]["model_version"]
        run = document["run"]
        seed, replications = int(run["seed"]), int(run["replications"])
        text = json.dumps(document["scenario"])
        metrics, digest = document["metrics"], run["scenario_sha256"]
    except KeyError as error:
        raise _no_result(path, f'it has no "{error.args[0]}"') from None
    except (TypeError, ValueError):
        raise _no_result(path, "a part of it has another form") from None
    if made_by != MODEL_VERSION:
        raise ValueError(
            f"{path} was made by version {made_by} of the model, this is version"
            f" {MODEL_VERSION}: the numbers do not compare. Run its scenario again"
        )
    with confined_to_folder_of(Path(path)):
        scenario = Scenario.parse(text, name=str(path), folder=Path(path).parent)
    if scenario.sha256 != digest:
        raise ValueError(
            f"{path}: a file that its scenario names has changed since, or is not"
            " beside it; run the scenario again"
        )
    return SavedResult(scenario, seed, replications, metrics)


def load_result(
    path: str | Path, on_replication: Callable[[float, int], None] | None = None
) -> Result:
    """Run again what a result document was made of, rows and all.

    Args:
        path: The document, e.g. of ``simcoalesce run FILE -o result.json``.
        on_replication: Called after each run with how many are done, and of how many.

    Raises:
        ValueError: If it is no such document, was made by another version, or its
            scenario and seed do not give the very numbers of the document.

    Example:
        >>> load_result("result.json").estimates["errors"].mean  # doctest: +SKIP
        912.3
    """
    known = saved_result(path)
    result = replicate(
        known.scenario.with_metrics(*known.metrics),
        seed=known.seed,
        replications=known.replications,
        on_replication=on_replication,
    )
    if result.complete and plain(result.estimates) != known.metrics:
        raise ValueError(
            f"{path}: its scenario and seed give other numbers than it holds; it was"
            " changed by hand, or made by another version. Run the scenario again"
        )
    return result
