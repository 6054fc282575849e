"""An explanation in blocks: what every form of it shows, in one order."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.answer import answer_block
from simcoalesce.report.blocks.causes import causes_block
from simcoalesce.report.blocks.closed_form_sentences import closed_form_lines
from simcoalesce.report.blocks.consistency import (
    assumptions_block,
    consistency_block,
)
from simcoalesce.report.blocks.counterfactuals import (
    change_set_block,
    counterfactuals_block,
)
from simcoalesce.report.blocks.estimate_text import modes_text
from simcoalesce.report.blocks.explanation_sentences import (
    after_start,
    because,
    clock,
)
from simcoalesce.report.blocks.number_format import count
from simcoalesce.report.blocks.path_sentences import outside
from simcoalesce.report.blocks.recommendation import recommendation_blocks
from simcoalesce.report.blocks.remedy_steps import steps_block
from simcoalesce.report.blocks.report import Block, Tone, Toned
from simcoalesce.report.blocks.scenario_text import when_text
from simcoalesce.report.blocks.timeline import event_text

_TONES: Final[dict[str, Tone]] = {
    "holds": "good",
    "fails": "bad",
    "partly": "warn",
    "undecided": "warn",
}
"""Of what became of a claim."""
_FEW: Final = 2
"""Where fewer calls than these are predicted at every rate, none is shown."""


def explanation_blocks(
    explanation: Explanation, *, has_steps: bool = False
) -> list[Block]:
    """Return the blocks of an explanation, without those that have no content.

    Args:
        explanation: What was found.
        has_steps: Whether all settings that were simulated are among them.
    """
    return list(_blocks(explanation, has_steps=has_steps))


def _blocks(explanation: Explanation, *, has_steps: bool) -> Iterator[Block]:
    yield answer_block(explanation)
    yield _timeline(explanation)
    if explanation.attribution is not None:
        yield causes_block(explanation.attribution)
    yield counterfactuals_block(explanation)
    yield from recommendation_blocks(explanation)
    if has_steps:
        yield from steps_block(explanation)
    if explanation.shipped is not None:
        yield change_set_block(explanation, explanation.shipped)
    if explanation.closed_form is not None:
        yield _closed_form(explanation)
    if explanation.consistency is not None:
        yield consistency_block(explanation.consistency)
    if explanation.assumed:
        yield assumptions_block(explanation.assumed)
    if explanation.claim_results:
        yield _claims(explanation)
    yield Block("Outside the model", lines=(outside(explanation.scenario),))


def _timeline(explanation: Explanation) -> Block:
    scenario, outcomes = explanation.scenario, explanation.outcomes
    is_one_place = len(outcomes.keys) == len(outcomes.locations) == 1
    has_miss_window = explanation.closed_form is not None and is_one_place
    rows = [
        (
            clock(explanation, event),
            after_start(event),
            event_text(event, scenario, outcomes, has_miss_window=has_miss_window),
        )
        for event in explanation.timeline
    ]
    return Block(
        f"What happened (one run, seed {explanation.seed})",
        header=("clock", "after start", ""),
        rows=rows,
        numbers=(0, 1),
        notes=[*_first_refusal(explanation)],
        pictures=("arrivals_by_outcome", "origin_calls_and_limit"),
    )


def _first_refusal(explanation: Explanation) -> Iterator[str]:
    """Yield when the first refusal is in other runs, if that is far from this one."""
    first = explanation.base["first_rejected_at_s"]
    some = f"in {first.n} of {explanation.replications} runs"
    in_runs = modes_text(first, lambda at_s: when_text(explanation.scenario, at_s))
    if not in_runs and first.mean is not None and first.n < explanation.replications:
        in_runs = f"{when_text(explanation.scenario, first.mean)} {some}, else never"
    if in_runs:
        yield f"In all runs: the first refusal is {in_runs}."


def _closed_form(explanation: Explanation) -> Block:
    closed_form = explanation.closed_form
    assert closed_form is not None, "the caller has looked"  # noqa: S101 - for the type
    rows = [
        (f"{count(point.rate_per_s)}/s", count(point.predicted), count(point.simulated))
        for point in closed_form.range
        if closed_form.range[-1].predicted >= _FEW
    ]
    highest = closed_form.holds_up_to_per_s
    notes = []
    if rows and highest is not None:
        notes.append(
            "Prediction and simulation differ by no more than 10 %, or chance, up to"
            f" {count(highest)}/s."
        )
    return Block(
        "How many calls: closed form",
        lines=[*_whose(explanation), *closed_form_lines(closed_form)],
        header=("arrival rate", "predicted", "simulated") if rows else (),
        rows=rows,
        numbers=(0, 1, 2),
        notes=notes,
        pictures=("closed_form",),
    )


def _whose(explanation: Explanation) -> Iterator[str]:
    outcomes = explanation.outcomes
    where = " at its busiest location" if len(outcomes.locations) > 1 else ""
    if len(outcomes.keys) > 1:
        yield f"The first stampede of the most requested key{where}:"


def _claims(explanation: Explanation) -> Block:
    rows: list[tuple[str, str, str]] = []
    for number, one in enumerate(explanation.claim_results, 1):
        truth = Toned(one.truth.upper(), _TONES[one.truth])
        rows.append((str(number), truth, f"“{one.claim.text}”"))
        rows += [("", "", line) for line in because(one)]
    return Block(
        "Claims of the post-mortem", header=("", "", ""), rows=rows, numbers=(0,)
    )
