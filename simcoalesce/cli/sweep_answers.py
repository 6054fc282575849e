"""What a sweep may be asked besides its points, and the forms of the answer."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

import click

from simcoalesce.cli import exits
from simcoalesce.cli.streams import print_as
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.answered import compared_by
from simcoalesce.experiment.sweeps.pareto import (
    ParetoFront,
    pareto_front,
    pareto_metrics,
)
from simcoalesce.experiment.sweeps.sobol_indices import (
    sensitivity_sample,
    sobol_indices,
    sobol_sentence,
)
from simcoalesce.experiment.sweeps.sweep import Sweep, SweepPlan
from simcoalesce.experiment.sweeps.sweep_document import sweep_document
from simcoalesce.json_text import json_text
from simcoalesce.report.blocks.pareto import pareto_block
from simcoalesce.report.blocks.report import Block, Report
from simcoalesce.report.blocks.sobol_view import SobolView, sobol_block
from simcoalesce.report.blocks.sweep_report import sweep_report
from simcoalesce.report.blocks.sweep_view import SweepView, view
from simcoalesce.report.markdown.report import report_markdown
from simcoalesce.report.terminal.sweep import WIDTH, sweep_text
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Answers:
    """What a sweep found.

    Attributes:
        view: The sweep, seen from one metric.
        front: Its Pareto front, if it was asked for.
        sobol: Its Sobol indices, if they were asked for.
        exit_code: What the shell is told: 13 if there are no such indices.
    """

    view: SweepView
    front: ParetoFront | None = None
    sobol: SobolView | None = None
    exit_code: int = exits.OK

    @property
    def drawn(self) -> object:
        """What a picture shows: what was asked for most specially."""
        return self.front or self.sobol or self.view

    @property
    def report(self) -> Report:
        """What a page shows: the points, and what else was found."""
        subjects = [one for one in (self.view, self.front, self.sobol) if one]
        report = sweep_report(self.view, self.blocks)
        return replace(report, subjects=subjects, made_of=self.view.sweep.plan.scenario)

    @property
    def blocks(self) -> list[Block]:
        """What is shown below the points."""
        front = [pareto_block(self.front)] if self.front else []
        return front + ([sobol_block(self.sobol)] if self.sobol else [])


@dataclass(frozen=True)
class Wanted:
    """What was asked for besides the points.

    Attributes:
        pareto: The metrics of a Pareto front; none if empty.
        is_sensitivity: Whether to estimate Sobol indices.
        as_json: Whether to print a document.
        markdown: Whether to print Markdown.
    """

    pareto: tuple[str, ...] = ()
    is_sensitivity: bool = False
    as_json: bool = False
    markdown: bool = False

    def asked_of(
        self, scenario: Scenario, metric: str | None, goal: Condition | None
    ) -> Scenario:
        """Return a scenario that is asked for all metrics that are wanted.

        Raises:
            ValueError: If it has no such part of the requests.
        """
        shown = [metric] if metric else []
        more = (each for one in self.pareto for each in compared_by(one))
        return scenario.with_metrics(
            *shown, *(goal.names if goal else ()), *self.pareto, *more
        )

    def sample(self, sample: str) -> str:
        """Return the sample to take, where one was asked for.

        Raises:
            ValueError: If Sobol indices need another.
        """
        return sensitivity_sample(sample) if self.is_sensitivity else sample

    def announce(self, plan: SweepPlan) -> None:
        """Say how much is to be run, where that is not obvious."""
        if self.is_sensitivity:
            click.echo(sobol_sentence(plan), err=True)

    def answers(
        self, sweep: Sweep, metric: str | None, goal: Condition | None
    ) -> Answers:
        """Return what was found; the metric shown is the front's first by default."""
        name = metric or (self.pareto[0] if self.pareto and not goal else None)
        front = pareto_front(sweep, self.pareto) if self.pareto else None
        shown = view(sweep, name, goal)
        if not self.is_sensitivity:
            return Answers(shown, front)
        sobol = self._sobol(shown)
        return Answers(shown, front, sobol, exits.OK if sobol else exits.UNDECIDED)

    def _sobol(self, shown: SweepView) -> SobolView | None:
        try:
            indices = sobol_indices(shown.sweep, shown.metric)
        except ValueError as error:
            click.echo(str(error), err=True)
            return None
        return SobolView(shown, tuple(indices))

    def tell(self, found: Answers) -> None:
        """Print what was found.

        Raises:
            OSError: If it cannot be written.
        """
        print_as(".json" if self.as_json else ".txt", f"{self._text(found)}\n")

    def _text(self, found: Answers) -> str:
        shown = found.view
        if self.as_json:
            document = sweep_document(
                shown.sweep,
                shown.metric,
                shown.goal,
                pareto=found.front,
                sobol=found.sobol.indices if found.sobol else None,
            )
            return json_text(document, indent=2)
        if self.markdown:
            return report_markdown(sweep_report(shown, found.blocks)).rstrip("\n")
        return sweep_text(
            shown,
            found.blocks,
            colour=sys.stdout.isatty(),
            width=terminal_width(WIDTH),
        )


def wanted_options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command what may be asked of a sweep, as its argument `wanted`."""

    @click.option(
        "--pareto",
        metavar="METRICS",
        help="Show which points no other dominates in all of these, e.g."
        " origin_hits,cost_month_usd.",
    )
    @click.option(
        "--sensitivity",
        "is_sensitivity",
        is_flag=True,
        help="Estimate Sobol indices of the metric over the ranges, by --sample"
        " saltelli:64 if no other N is given.",
    )
    @click.option("--json", "as_json", is_flag=True, help="Print a document.")
    @click.option("--markdown", is_flag=True, help="Print Markdown.")
    @wraps(command)
    def with_wanted(
        *args: Any,
        pareto: str | None,
        is_sensitivity: bool,
        as_json: bool,
        markdown: bool,
        **others: Any,
    ) -> int:
        try:
            names = pareto_metrics(pareto) if pareto is not None else ()
        except ValueError as error:
            raise click.UsageError(f"--pareto: {error}") from error
        wanted = Wanted(
            names, is_sensitivity=is_sensitivity, as_json=as_json, markdown=markdown
        )
        return command(*args, wanted=wanted, **others)

    return with_wanted
