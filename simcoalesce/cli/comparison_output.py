"""Comparisons as texts, files and pictures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simcoalesce.cli.output import (
    CannotWrite,
    all_written,
    check_folder,
    guarded,
    is_folder,
    write_text,
)
from simcoalesce.cli.streams import print_as
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.experiment.compare import Comparison, comparison_document
from simcoalesce.experiment.regression_gate import GateResult
from simcoalesce.json_text import json_text
from simcoalesce.plain import plain
from simcoalesce.report.blocks.report import Report

_SUFFIXES: Final = (".html", ".md", ".json")


def check(targets: Sequence[str]) -> None:
    """Refuse what cannot be written, before anything is simulated.

    Raises:
        CannotWrite: If a suffix is unknown, or a folder is not there.
    """
    for target in targets:
        if is_folder(target):
            continue
        if Path(target).suffix not in _SUFFIXES:
            raise CannotWrite(
                f"-o {target}: write NAME.html, NAME.md or NAME.json, or FOLDER/ for"
                " pictures"
            )
        check_folder(target)


def tell(
    targets: Sequence[str],
    found: Sequence[Comparison],
    gates: Sequence[GateResult],
    form: str,
) -> None:
    """Write comparisons to what targets name, and print them in a form.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    with all_written(targets, lambda target: _write(target, found, gates)):
        print_as(form, text(found, gates, form) + "\n")


def _write(
    target: str, found: Sequence[Comparison], gates: Sequence[GateResult]
) -> None:
    if is_folder(target):
        guarded(target, lambda: _draw(found, Path(target)))
        return
    write_text(target, f"{text(found, gates, Path(target).suffix).rstrip()}\n")


def text(found: Sequence[Comparison], gates: Sequence[GateResult], suffix: str) -> str:
    """Return comparisons in a form; each is imported only when it is asked for."""
    if suffix == ".json":
        document = comparison_document(found) | {"gates": plain(gates)}
        return json_text(document, indent=2)
    from simcoalesce.report.blocks import comparison as blocks  # noqa: PLC0415

    if suffix == ".html":
        from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

        return page(blocks.comparisons_report(found))
    from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415
    from simcoalesce.report.terminal.report import WIDTH, report_text  # noqa: PLC0415

    def as_text(report: Report) -> str:
        return report_text(report, width=terminal_width(WIDTH))

    form = report_markdown if suffix == ".md" else as_text
    return "\n\n".join(form(blocks.comparison_report(one)) for one in found)


def _draw(found: Sequence[Comparison], folder: Path) -> None:
    """Draw each comparison; those of several others in a folder for each."""
    from simcoalesce.report.drawing.figure import save_pictures  # noqa: PLC0415 - matplotlib

    for number, one in enumerate(found, start=1):
        save_pictures(one, folder if len(found) == 1 else folder / f"{number}")
