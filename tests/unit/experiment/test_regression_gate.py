"""A gate is a condition that must not hold."""

import re

import pytest

from simcoalesce.conditions.truth import Truth
from simcoalesce.experiment.compare import comparisons
from simcoalesce.experiment.regression_gate import gate_truth, parse_gate
from tests.unit.experiment.builders import a_sale


def truth_of_the_cure(text: str, replications: int | None = None) -> Truth:
    """Return the truth of a gate for one object per key, against none."""
    gate = parse_gate(text)
    pair = [a_sale(), a_sale("per-key")]
    (found,) = comparisons(pair, metrics=gate.names, replications=replications)
    return gate_truth(gate, found)


@pytest.mark.parametrize(
    ("text", "truth"),
    [
        ("origin_hits worse by 5%", "fails"),
        ("origin_hits lower", "holds"),
        ("origin_hits lower by 1", "holds"),
        ("origin_hits worse by -5%", "fails"),
        ("latency_p50_s worse by 10s", "fails"),
        ("hit_ratio worse by 1%", "fails"),
        ("hit_ratio worse by 0.01", "fails"),
        ("leaders lower by 3", "holds"),
        ("first_rejected_at_s worse", "fails"),
        ("origin_hits lower and hit_ratio worse by 1%", "fails"),
        ("origin_hits lower and leaders lower by 3", "holds"),
        ("origin_hits > 30", "fails"),
        ("origin_hits@base > 1", "holds"),
        ("origin_hits < 50% * origin_hits@base", "holds"),
        ("origin_hits >= origin_hits@base", "fails"),
    ],
)
def test_a_whole_interval_decides(text: str, truth: Truth) -> None:
    """Of the cure: fewer origin hits and writes, and no later answers by 10 s."""
    assert truth_of_the_cure(text) == truth


@pytest.mark.parametrize("text", ["origin_hits lower", "origin_hits < 10"])
def test_one_replication_decides_no_gate(text: str) -> None:
    """It has no interval."""
    assert truth_of_the_cure(text, replications=1) == "undecided"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("latency worse by 5%", "did you mean"),
        ("kv_reads worse by 5%", "write higher by or lower by"),
        ("errors better by 5%", "write worse by, higher by or lower by"),
        ("origin_hits within 5%", "write e.g. latency_p99_s worse by 5%"),
        ("cost_usd worse by 5ms", "write e.g. 40 USD"),
        ("origin_hits > origin_hits@before", "write origin_hits or origin_hits@base"),
    ],
)
def test_what_is_no_gate_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=re.escape(hint)):
        parse_gate(text)
