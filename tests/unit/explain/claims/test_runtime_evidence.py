"""A claim is shown what the real runtime did in a run like its own."""

import pytest

from simcoalesce.explain.claims.runtime_evidence import (
    RuntimeEvidence,
    runtime_evidence,
)
from simcoalesce.scenario.incident import PostMortemClaim
from tests.unit.explain.builders import a_scenario

OBJECT = "path=[kv.read, durable_object, kv.write, origin]"


def seen(condition: str, *overrides: str) -> tuple[RuntimeEvidence, ...]:
    """Return what was observed of a claim about one scenario."""
    claim = PostMortemClaim.model_validate({"text": "So.", "holds_if": condition})
    return runtime_evidence(claim, {"it": a_scenario(*overrides)})


def test_an_object_per_key_was_observed() -> None:
    """One call predicted, one observed."""
    (evidence,) = seen("origin_hits@it == 1", OBJECT)

    assert (evidence.predicted, evidence.observed) == (1, 1)
    assert evidence.run == "flash-sale-9pm@per-key"


@pytest.mark.parametrize(
    ("condition", "override"),
    [
        ("origin_hits@it == 1", "seed=1"),
        ("cost_usd@it < 1", OBJECT),
        ("origin_hits@it == 1", "path=[kv.read, memory, kv.write, origin]"),
    ],
    ids=["nothing shared", "not a metric that is seen", "never run there"],
)
def test_what_was_not_observed_has_no_evidence(condition: str, override: str) -> None:
    """Nothing is said then."""
    assert seen(condition, override) == ()
