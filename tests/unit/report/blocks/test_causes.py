"""Causes are told in the unit of the harm, whichever way it hurts."""

from fractions import Fraction

import pytest

from simcoalesce.conditions.estimate import estimate
from simcoalesce.explain.causes.attribution import Attribution, FoundCause
from simcoalesce.report.blocks.causes import cause_sentence, causes_block


def divided(metric: str, unit: str, before: float, after: float) -> Attribution:
    """Return a harm that one cause makes."""
    is_lack = metric == "hit_ratio"
    harm = [Fraction(-one if is_lack else one) for one in (before, after)]
    gone = estimate([float(harm[0] - harm[1])], unit="1")
    cause = FoundCause(
        kind="expiry",
        label="values expire",
        removed="ttl 60s → none",
        necessity=gone,
        sufficiency=gone,
        shapley=harm[0] - harm[1],
        ci95=None,
        share_ratio=1.0,
        explains=True,
    )
    is_counted = metric == "errors"
    noun = "requests with an error" if is_counted else metric
    causes = (cause,)
    return Attribution(
        noun, metric, unit, is_counted, is_lack, causes, (), harm[0], harm[1], 3
    )


@pytest.mark.parametrize(
    ("harm", "sentence", "changes"),
    [
        (
            ("errors", "1", 134, 46),
            "46 of 134 requests with an error are left (−66 %).",
            ("−88", "+88"),
        ),
        (
            ("errors", "1", 10_000, 1),
            "1 of 10,000 requests with an error are left (>99.9 % less).",
            ("−9,999", "+9,999"),
        ),
        (
            ("latency_p99_s", "s", 1.5, 0.25),
            "latency_p99_s is 250 ms and not 1,500 ms.",
            ("−1,250 ms", "+1,250 ms"),
        ),
        (
            ("hit_ratio", "ratio", 0.75, 1),
            "hit_ratio is 100 % and not 75 %.",
            ("+25 %", "−25 %"),
        ),
    ],
)
def test_a_harm_is_told_as_what_is_measured(
    harm: tuple[str, str, float, float], sentence: str, changes: tuple[str, str]
) -> None:
    """Also where it hurts that there is too little of it."""
    known = divided(*harm)

    assert cause_sentence(known).endswith(f"(ttl 60 s → none) {sentence}")
    assert causes_block(known).rows[0][1:3] == changes
