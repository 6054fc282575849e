"""The page of a result: what it says, in which order."""

import re

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.report.blocks.result import result_report
from simcoalesce.report.html.page import page
from simcoalesce.scenario.scenario import Scenario


def a_page(requests: int, expect: str = "[]") -> str:
    """Return the page of a small sale."""
    scenario = Scenario.parse(
        f"""
title: A sale
traffic:
  arrivals: [{{kind: burst, requests: {requests}, within: 400ms}}]
  isolates: 10
origin: {{latency: 120ms, rate_limit: {{kind: fixed_window, limit: 5, per: 1m}}}}
path: [kv.read, kv.write, origin]
expect: {expect}
"""
    )
    return page(result_report(replicate(scenario, replications=3)))


def test_the_sections_stand_in_the_order_of_their_weight() -> None:
    """A reader may stop anywhere."""
    headings = re.findall("<h2>(.*?)</h2>", a_page(40, "[errors == 0]"))

    assert headings == [
        "Expectations",
        "Requests by outcome",
        "Metrics",
        "Cost",
        "Outside the model",
        "How to make it again",
    ]


def test_the_first_sentence_is_the_one_of_the_command_line() -> None:
    """For those who read no more."""
    lead = re.findall('<p class="headline">(.*?)</p>', a_page(40))[0]

    assert "of 40 requests" in lead
    assert "it refused" in lead


@pytest.mark.parametrize("requests", [1, 3, 800])
def test_a_page_is_never_empty(requests: int) -> None:
    """However few came."""
    assert a_page(requests).count("<svg") >= 2


def test_the_same_result_gives_the_same_page() -> None:
    """Byte for byte."""
    assert a_page(40) == a_page(40)


def test_the_scenario_of_the_page_is_the_scenario() -> None:
    """Saved as a file it runs again."""
    listed = re.findall("<pre>(.*?)</pre>", a_page(40), re.DOTALL)[0]

    again = Scenario.parse(listed.replace("&quot;", '"').replace("&#x27;", "'"))
    assert f"SHA-256 {again.sha256}" in a_page(40)
