"""Files and forms of a fit: the scenario, its report, and where they are written."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, Union

from simcoalesce.cli.output import CannotWrite, check_folder, guarded, write_text
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.json_text import json_text
from simcoalesce.units import parse_ratio

if TYPE_CHECKING:
    from simcoalesce.fit.against_log import AgainstLog
    from simcoalesce.fit.log_fit import LogFit

Fitted: TypeAlias = Union["LogFit", "AgainstLog"]
"""What was fitted, or held against a log."""

_SCENARIOS: Final = (".yaml", ".yml")
_REPORTS: Final = (".json", ".html", ".md")


def check_targets(targets: Sequence[str]) -> None:
    """Refuse what cannot be written, before the log is read.

    Raises:
        CannotWrite: If a suffix is unknown, or a folder is not there.
    """
    for target in targets:
        if Path(target).suffix not in {*_SCENARIOS, *_REPORTS}:
            known = "NAME.yaml, or the report as NAME.html, NAME.md or NAME.json"
            raise CannotWrite(f"-o {target}: write {known}")
        check_folder(target)
    if len([one for one in targets if Path(one).suffix in _SCENARIOS]) > 1:
        raise CannotWrite("there is one scenario: write one -o NAME.yaml")


def scenario_stem(targets: Sequence[str]) -> str:
    """Return the name of the scenario that is to be written, without its suffix."""
    names = [Path(one) for one in targets if Path(one).suffix in _SCENARIOS]
    return names[0].stem if names else "fitted"


def holdout_ratio(written: str) -> float:
    """Return the share of a log that is predicted.

    Raises:
        ValueError: If it is none, or leaves nothing.
    """
    ratio = parse_ratio(written)
    if not 0 < ratio < 0.9:
        raise ValueError(f"--holdout {written}: write a share, e.g. 40%")
    return ratio


def write(target: str, found: Fitted) -> None:
    """Write the scenario with its files, or the report, each whole or not at all.

    Raises:
        CannotWrite: If a file cannot be written.
    """
    path = Path(target)
    if path.suffix not in _SCENARIOS:
        write_text(target, told(found, path.suffix))
        return
    scenario = getattr(found, "scenario", None)
    if scenario is None:
        raise CannotWrite(f"-o {target}: --against fits no scenario")
    guarded(target, lambda: scenario.write(path.parent, path.suffix))


def told(found: Fitted, form: str) -> str:
    """Return what was found in a form; each is imported only when it is asked for."""
    if form == ".json":
        return json_text(found.document(), indent=2) + "\n"
    from simcoalesce.report.blocks.fit_report import fit_report  # noqa: PLC0415

    report = fit_report(found, has_line=form != ".txt")
    if form == ".html":
        from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

        return page(report)
    if form == ".md":
        from simcoalesce.report.markdown.report import report_markdown  # noqa: PLC0415

        return report_markdown(report)
    from simcoalesce.report.terminal.report import WIDTH, report_text  # noqa: PLC0415

    width = terminal_width(WIDTH)
    text = report_text(report, colour=sys.stdout.isatty(), width=width) + "\n"
    return text + _line_to_paste(found)


def _line_to_paste(found: Fitted) -> str:
    from simcoalesce.fit.wanted_fields import NGINX_LINE, missing_fields  # noqa: PLC0415

    is_told = not missing_fields(found.log)
    return "" if is_told else f"\nFor nginx.conf:\n{NGINX_LINE}\n"
