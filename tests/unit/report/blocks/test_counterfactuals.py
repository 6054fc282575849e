"""What the table of changes says that its runs have in common."""

from dataclasses import replace

import pytest

from simcoalesce.report.blocks.counterfactuals import counterfactuals_block
from tests.unit.explain.builders import an_explanation

USERS = "traffic.arrivals=[{kind: users, users: 3, think: 1s}]"


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
