"""What is said of an incident is checked when it is read."""

import pytest

from simcoalesce import Scenario

PLAN = """
traffic: {arrivals: [{kind: burst, requests: 8, within: 1s}]}
origin: {latency: 60ms}
path: [origin]
"""


def test_claims_and_observations_change_no_number() -> None:
    """So they are no part of what a result is known by."""
    said = "claims: [{text: So it is., holds_if: errors == 0}]\n"

    assert Scenario.parse(PLAN + said).sha256 == Scenario.parse(PLAN).sha256


def test_what_is_said_of_an_incident_is_written_as_it_was_read() -> None:
    """A claim by circumstances too."""
    said = "claims: [{text: So it is., holds_if: {here: errors == 0}}]\n"
    document = Scenario.parse(PLAN + said).document()

    assert document["claims"] == [
        {"text": "So it is.", "holds_if": {"here": "errors == 0"}, "note": ""}
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("claims: [{text: a, holds_if: error == 0}]", 'did you mean "errors"'),
        ("claims: [{text: a}]", "holds_if"),
        ("observations: [{text: a, that: errors@b == 0}]", "write errors"),
    ],
)
def test_a_wrong_claim_is_refused_at_its_position(said: str, told: str) -> None:
    """With its position."""
    with pytest.raises(ValueError, match=told):
        Scenario.parse(PLAN + said)
