"""An explanation is one object, and the same each time."""

import json

import pytest

from simcoalesce.explain.explanation import explain
from tests.unit.explain.builders import INCIDENT, a_scenario, an_explanation


def test_the_document_holds_plain_values() -> None:
    """It can be written as JSON, and has all parts."""
    document = json.loads(json.dumps(an_explanation().document()))

    assert document["shipped"]["ablation"][0]["verdict"] == "needed"
    assert document["consistency"]["hypotheses"]
    assert document["claim_results"][0]["truth"] == "holds"
    assert document["attribution"]["metric"]
    assert document["causes"][0]["kind"]


def test_a_claim_names_the_runs_behind_it() -> None:
    """By the digest of what was simulated."""
    claim = an_explanation().document()["claim_results"][0]
    (run,) = claim["runs"]

    assert run["of"] == "object_per_key"
    assert len(run["scenario_sha256"]) == 64
    assert claim["circumstances"][0]["statements"][0]["seeds"] == 3


def test_the_same_incident_has_the_same_explanation() -> None:
    """To the last digit."""
    again = explain(a_scenario(more=INCIDENT), seed=1, replications=3)

    assert again.document() == an_explanation().document()


def test_one_replication_explains_nothing() -> None:
    """There would be no interval."""
    with pytest.raises(ValueError, match="two replications or more"):
        explain(a_scenario(), replications=1)
