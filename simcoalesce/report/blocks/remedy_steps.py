"""Settings that were simulated: what each remedy does, the weaker and the stronger."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.conditions.estimate import Estimate
from simcoalesce.explain.counterfactuals.counterfactual import Counterfactual
from simcoalesce.explain.counterfactuals.threshold import (
    SEARCHED,
    SimulatedSetting,
)
from simcoalesce.explain.explanation import Explanation
from simcoalesce.report.blocks.estimate_text import mean_text
from simcoalesce.report.blocks.number_format import count, spaced_units
from simcoalesce.report.blocks.report import Block, Tone, Toned

_HEADER: Final = (
    *("change", "setting", "origin calls", "429", "errors", "p99", "goal", "seeds"),
)
_FEWEST: Final = 2
_VERDICTS: Final[dict[tuple[bool, bool], tuple[str, Tone | None]]] = {
    (True, True): ("met", "good"),
    (True, False): ("met on average", None),
    (False, True): ("missed", "bad"),
    (False, False): ("missed on average", None),
}
"""By whether the goal is met, and whether all seeds were tried."""


def steps_block(explanation: Explanation) -> Iterator[Block]:
    """Yield the settings of remedies of which two or more were simulated."""
    rows = [
        _row(one.label, setting)
        for one in explanation.counterfactuals
        if len(found := _simulated(one, explanation.replications)) >= _FEWEST
        for setting in found
    ]
    if rows:
        yield Block(
            "Weaker and stronger settings",
            lines=("Simulated settings only: between two of them nothing is known.",),
            header=_HEADER,
            rows=rows,
            numbers=(2, 3, 4, 5, 7),
            has_steps=True,
        )


def _simulated(one: Counterfactual, replications: int) -> list[SimulatedSetting]:
    """Return what was simulated of a remedy, the weakest first.

    Its usual setting is known to be the weaker one where only the strongest was tried
    besides.
    """
    if one.threshold is None:
        return []
    found = list(one.threshold.simulated)
    if len(found) == 1 and one.setting not in {"", found[0].setting}:
        is_sure = one.replications == replications
        usual = (one.setting, one.metrics, one.is_goal_met, one.replications, is_sure)
        found.insert(0, SimulatedSetting(*usual))
    return found


def _row(label: str, one: SimulatedSetting) -> tuple[str, ...]:
    word, tone = _VERDICTS[one.is_goal_met, one.is_sure]
    return (
        label,
        spaced_units(one.setting),
        *(_text(one.metrics[name]) for name in SEARCHED),
        Toned(word, tone),
        count(one.replications),
    )


def _text(known: Estimate) -> str:
    return mean_text(known, known.unit)
