"""How pictures become files."""

from pathlib import Path
from typing import IO

import pytest
from matplotlib.figure import Figure

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.figure import save_pictures
from tests.unit.report.builders import a_flash_sale, outcomes_of


def test_each_chart_is_saved_as_png_and_svg(tmp_path: Path) -> None:
    """One picture to look at, one to print."""
    save_pictures(RunView(a_flash_sale()), tmp_path / "new" / "folder")

    names = {path.name for path in (tmp_path / "new" / "folder").iterdir()}
    kinds = {
        "arrivals_by_outcome",
        "latency_ecdf",
        "latency_tail",
        "origin_calls_and_limit",
        "over_time",
        "swimlane",
    }
    assert names == {f"{kind}.{form}" for kind in kinds for form in ("png", "svg")}


def test_a_run_without_requests_gets_one_picture_that_says_so(tmp_path: Path) -> None:
    """Nothing happened is an answer, too."""
    paths = save_pictures(RunView(outcomes_of([])), tmp_path)

    assert [path.name for path in paths] == [
        "arrivals_by_outcome.png",
        "arrivals_by_outcome.svg",
    ]
    assert "No request arrived" in paths[1].read_text("utf-8")


def test_a_failed_drawing_leaves_the_old_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file appears whole or not at all, and nothing half-written stays."""
    (tmp_path / "arrivals_by_outcome.png").write_text("old")

    def write_half(_: object, file: IO[bytes], **__: object) -> None:
        file.write(b"half")
        raise OSError("disk full")

    monkeypatch.setattr(Figure, "savefig", write_half)
    with pytest.raises(OSError, match="disk full"):
        save_pictures(RunView(a_flash_sale(3)), tmp_path)

    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
