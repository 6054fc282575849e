"""The sentences of an explanation say what was found, on every path."""

from dataclasses import replace
from functools import cache

import pytest

from simcoalesce.explain.counterfactuals.threshold import Threshold
from simcoalesce.explain.explanation import Explanation, explain
from simcoalesce.report.blocks.explanation import explanation_blocks
from simcoalesce.report.blocks.explanation_report import explanation_report
from simcoalesce.report.blocks.explanation_sentences import advice, headline
from simcoalesce.report.blocks.report import Block
from simcoalesce.report.terminal.report import WIDTH, report_text
from tests.unit.explain.builders import a_scenario

NO_LIMIT = "origin.rate_limit=unlimited"
SHORT = "traffic.arrivals[0].requests=60"
AGAIN = ("traffic.arrivals[0].every=61s", "duration=70s")


def text_of(explanation: Explanation) -> str:
    """Return an explanation as a terminal shows it."""
    return report_text(explanation_report(explanation))


@cache
def explained(*overrides: str) -> Explanation:
    """Return the explanation of a small burst."""
    return explain(a_scenario(SHORT, *overrides), seed=1, replications=2)


def section(title: str, *overrides: str) -> Block:
    """Return the section with a title."""
    told = explanation_blocks(explained(*overrides))
    (found,) = (one for one in told if one.title == title)
    return found


def test_the_headline_names_the_first_cause_and_its_size() -> None:
    """In the numbers of the incident."""
    told = headline(explained(NO_LIMIT))

    assert "Nothing is stored when the first request comes: without that" in told
    assert told.endswith("0 of 29 origin calls are left (\u2212100 %).")


def test_a_ttl_below_the_time_between_bursts_is_named_in_the_headline() -> None:
    """The second burst comes 61 s after the first, and the ttl is 60 s."""
    told = headline(explained(NO_LIMIT, *AGAIN))

    assert "Values expire before the key is asked for again" in told


def test_the_headline_has_errors_that_are_no_refusals() -> None:
    """Nobody got an answer, and the origin refused none."""
    path = "path=[{timeout: {after: 20ms, cancels: true}}, kv.read, kv.write, origin]"

    told = headline(explained(path, NO_LIMIT))

    assert "60 requests (100 %) got an error. Clients give up before" in told


def test_a_path_that_wastes_nothing_needs_no_remedy() -> None:
    """The advice says so, and no threshold is searched."""
    path = ("path=[waiting_list, origin]", NO_LIMIT)
    titles = [one.title for one in explanation_blocks(explained(*path))]

    assert section("Answer", *path).lines[0].startswith("Nothing: ")
    assert "Thresholds: the weakest setting that meets the goal" not in titles
    assert "Causes" not in titles


def test_what_was_not_tried_is_told_reason_by_reason() -> None:
    """And nothing of layers that the path has not."""
    notes = " ".join(section(CHANGES, "path=[lock, origin]", NO_LIMIT).notes)

    assert notes.count("the path has no worker to run it") == 1
    assert "KV" not in notes


def test_a_month_is_a_column_where_there_is_one() -> None:
    """A column of dashes says nothing."""
    assert "a month" not in section(CHANGES).header
    assert "a month" in section(CHANGES, "month={events: 10}").header


CHANGES = "What each change does on its own"


@pytest.mark.parametrize(
    "path",
    [
        "[lock, origin]",
        "[waiting_list, origin]",
        "[bounded_retries, origin]",
        "[cdn, kv.read, kv.write, origin]",
        "[memory, origin]",
        "[single_flight, origin]",
        "[kv.read, retry, {timeout: {after: 50ms}}, origin]",
    ],
)
def test_every_path_has_an_explanation_that_fits_a_screen(path: str) -> None:
    """With reports and claims of it."""
    incident = a_scenario(
        f"path={path}",
        SHORT,
        more="""
observations: [{text: the calls, that: origin_hits >= 55}]
claims: [{text: It was all in vain., holds_if: errors > 0}]
""",
    )
    told = text_of(explain(incident, seed=1, replications=2))

    assert "CAN THE REPORT BE TRUE" in told
    # The last line is a command to copy, however long it is.
    assert max(map(len, told.splitlines()[:-1])) <= WIDTH


def test_a_report_that_no_hypothesis_explains_is_said_to_be_one() -> None:
    """The nearest hypothesis does not explain all."""
    impossible = "observations: [{text: too many calls, that: origin_hits > 10_000}]"
    told = text_of(
        explain(
            a_scenario(SHORT, "path=[lock, origin]", more=impossible), replications=2
        )
    )

    assert "no other observation alone contradicts it" in told
    assert "No hypothesis explains all observations. The nearest one:" in told
    assert "Hypotheses that explain all" not in told


def test_a_long_title_leaves_the_seeds_a_line_of_their_own() -> None:
    """No line is wider than the screen for it."""
    name = "A burst that was long in the making and longer in the telling, " * 2
    told = text_of(
        explain(a_scenario(SHORT, more=f"title: {name}again"), replications=2)
    )

    assert max(map(len, told.splitlines()[:4])) <= WIDTH
    assert "paired seeds" in told.splitlines()[2]


def test_a_remedy_that_is_worse_says_at_which_setting() -> None:
    """If another one meets the goal, which the answer names as well."""
    known = explained()
    remedy = known.counterfactuals[0]
    tried = replace(
        remedy,
        verdict="worse",
        setting="a burst within 10s",
        threshold=Threshold("spread", "push", "a burst within 22s", None, "", 1.0),
    )

    said = advice(replace(known, counterfactuals=(tried,)))

    assert f"Worse than no change: {remedy.label} (a burst within 10s)." in said
