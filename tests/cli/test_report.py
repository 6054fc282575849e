"""simcoalesce report, as a user calls it."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.command_line import SALE, Ran, command


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """Return the result of a small sale, with its page beside it."""
    (tmp_path / "sale.yaml").write_text(SALE)
    page, result = tmp_path / "run.html", tmp_path / "result.json"
    command("run", tmp_path / "sale.yaml", "-q", "-o", result, "-o", page)
    return result


def reported(saved: Path, name: str = "report.html") -> Ran:
    """Call the command."""
    return command("report", saved, "-o", saved.parent / name)


def test_a_report_is_the_page_that_the_run_would_have_written(saved: Path) -> None:
    """Its rows are made again, bit by bit."""
    assert reported(saved).code == 0

    written, again = (saved.parent / name for name in ("run.html", "report.html"))
    assert written.read_bytes() == again.read_bytes()


def test_a_report_stands_alone(saved: Path) -> None:
    """It loads nothing, and a browser holds it to that."""
    reported(saved)

    text = (saved.parent / "report.html").read_text(encoding="utf-8")
    assert re.findall(r"(?:src|href)=\"(?!#)[^\"]*", text) == []
    assert "default-src 'none'; script-src 'sha256-" in text
    assert "url(http" not in text
    assert "@import" not in text


def test_a_result_that_was_changed_is_refused(saved: Path) -> None:
    """A page shows what the scenario gives."""
    document = json.loads(saved.read_text())
    document["metrics"]["requests"]["mean"] = 41
    saved.write_text(json.dumps(document))

    ran = reported(saved)

    assert ran.code == 3
    assert "other numbers than it holds" in ran.err


def test_a_result_of_another_model_is_refused(saved: Path) -> None:
    """Its rows cannot be made again."""
    document = json.loads(saved.read_text())
    document["tool"]["model_version"] = "0"
    saved.write_text(json.dumps(document))

    ran = reported(saved)

    assert ran.code == 3
    assert "made by version 0 of the model" in ran.err


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("not JSON", "is no result: it is no JSON document; write one with"),
        ("[]", "is no result"),
        ("{}", 'it has no "tool"; write one with simcoalesce run FILE -o result.json'),
        ('{"schema_version": "2", "tool": {}}', 'it has no "model_version"; write'),
        ('{"schema_version": "3"}', "(schema version 3): update simcoalesce, or make"),
        ('{"remedies": []}', "simcoalesce explain FILE -o explain.html"),
        ('{"agreement": []}', "is no measured run"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, content: str, error: str) -> None:
    """With what to write instead."""
    path = tmp_path / "other.json"
    path.write_text(content)

    ran = command("report", path, "-o", tmp_path / "page.html")

    assert ran.code == 3
    assert error in ran.err


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Bad input, not a bug."""
    ran = command("report", tmp_path / "no.json", "-o", tmp_path / "page.html")

    assert ran.code == 3
    assert "cannot read" in ran.err


def test_a_report_is_a_page(saved: Path) -> None:
    """Nothing else can be written."""
    ran = reported(saved, "report.pdf")

    assert ran.code == 2
    assert "write NAME.html" in ran.err
