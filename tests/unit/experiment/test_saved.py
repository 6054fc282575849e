"""Saved results: made again bit by bit, or refused."""

import json
from pathlib import Path

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.saved import is_saved, saved_document, saved_result
from tests.unit.experiment.builders import a_sale


def a_file(folder: Path, **changes: object) -> Path:
    """Write the result of a small sale, its `tool` changed."""
    document = replicate(a_sale("per-key"), seed=8).document()
    document["tool"] |= changes
    path = folder / "result.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_saved_result_can_be_made_again(tmp_path: Path) -> None:
    """Its document is enough."""
    path = a_file(tmp_path)

    found = saved_result(path)

    again = replicate(found.scenario, seed=found.seed, replications=found.replications)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert is_saved(str(path))
    assert again.document()["metrics"] == kept["metrics"]


def test_a_result_of_another_model_is_refused(tmp_path: Path) -> None:
    """Numbers of different models do not compare."""
    path = a_file(tmp_path, model_version="0")

    with pytest.raises(ValueError, match="made by version 0 of the model"):
        saved_result(path)


@pytest.mark.parametrize(
    ("part", "command"),
    [
        ("metrics", "run FILE -o result.json"),
        ("agreement", "validate FILE --against TARGET -o measurement.json"),
    ],
)
def test_a_document_of_an_older_schema_is_refused(
    tmp_path: Path, part: str, command: str
) -> None:
    """By name, with the command that makes it anew."""
    path = tmp_path / "old.json"
    path.write_text(json.dumps({"schema_version": "1", part: {}}), encoding="utf-8")

    with pytest.raises(ValueError, match="made by an older simcoalesce") as refused:
        saved_document(path)
    assert str(refused.value).endswith(f"make it anew: simcoalesce {command}")


def test_another_file_is_no_result(tmp_path: Path) -> None:
    """Only what is one is read as one."""
    path = tmp_path / "other.json"
    path.write_text("{}", encoding="utf-8")

    assert not is_saved(str(path))
    with pytest.raises(ValueError, match="is no result"):
        saved_result(path)
