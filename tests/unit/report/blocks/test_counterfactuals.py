"""What the table of changes says that its runs have in common."""

from dataclasses import replace

import pytest

from simcoalesce.report.blocks.counterfactuals import counterfactuals_block
from tests.unit.explain.builders import an_explanation

USERS = "traffic.arrivals=[{kind: users, users: 3, think: 1s}]"


def test_what_has_no_effect_is_a_sentence_and_no_row() -> None:
    """A catalogue of remedies is long, and most of them have nothing to do with it."""
    explanation = an_explanation()
    found = [replace(one, verdict="no effect") for one in explanation.counterfactuals]
    first = replace(found[0], verdict="helps")

    block = counterfactuals_block(
        replace(explanation, counterfactuals=(first, *found[1:]))
    )

    assert [row[-1] for row in block.rows] == ["", "helps"]
    assert f"No effect: {found[1].label}; " in " ".join(block.notes)


def test_few_seeds_are_told_where_they_were_enough() -> None:
    """Else a reader takes all intervals to be of all runs."""
    explanation = an_explanation()
    found = [replace(one, replications=2) for one in explanation.counterfactuals]

    block = counterfactuals_block(replace(explanation, counterfactuals=tuple(found)))

    assert "over 3 runs; over 2 where these show" in block.notes[0]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [((), "the same requests and random streams"), ((USERS,), "the same clients")],
)
def test_what_runs_have_in_common_is_said(
    overrides: tuple[str, ...], said: str
) -> None:
    """Requests in an open loop; in a closed one only those who send them."""
    explanation = an_explanation()
    incident = explanation.scenario.with_overrides(*overrides)

    line = counterfactuals_block(replace(explanation, scenario=incident)).lines[0]

    assert said in str(line)
