"""The text of a result."""

import re
from datetime import UTC, datetime

import pytest

from simcoalesce.experiment.result import Result
from simcoalesce.report.terminal.summary import summary
from tests.builders import a_path, an_origin
from tests.unit.report.builders import (
    a_coalesced_sale,
    a_context,
    a_flash_sale,
    a_result,
    many_hits,
    outcomes_of,
)

LIMIT = {"kind": "fixed_window", "limit": 1_200, "per": "5m"}
THE_INCIDENT = a_result(
    a_flash_sale(bursts=5, limit=1_200),
    a_flash_sale(780, bursts=5, limit=1_200),
    context=a_context(
        starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC),
        path=a_path(an_origin(rate_limit=LIMIT)),
    ),
    expect=[
        "first_rejected_at_s >= 60s",
        "origin_hits <= 50",
        "errors == 0",
        {"that": "kv_writes <= 9", "level": "warn", "because": "one write a second"},
        "requests >= 3990",
    ],
    events=4_500,
    warnings=tuple(f"warning {n}" for n in range(6)),
    complete=False,
)
RESULTS = {
    "the incident": THE_INCIDENT,
    "one seed": a_result(a_flash_sale()),
    "coalesced": a_result(a_coalesced_sale(), a_coalesced_sale()),
    "nothing": a_result(outcomes_of([])),
    "one request": a_result(outcomes_of([0])),
    "much traffic": a_result(many_hits(20_000)),
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_summary_fits_a_terminal(result: Result) -> None:
    """At most 24 lines of at most 100 columns, none with spaces at its end."""
    lines = summary(result).splitlines()

    assert len(lines) <= 24
    assert max(map(len, lines)) <= 100
    assert not any(line.endswith(" ") for line in lines)


def test_expectations_come_first_and_the_worst_of_them_before_all() -> None:
    """What breaks the run, what cannot be decided, what warns."""
    lines = summary(THE_INCIDENT).splitlines()

    signs = [line[8:].split() for line in lines if line[8:9] in "✗?…✓"]

    assert [words[:2] for words in signs[:4]] == [
        ["✗", "origin_hits"],
        ["✗", "errors"],
        ["?", "first_rejected_at_s"],
        ["…", "2"],
    ]


def test_the_last_line_is_the_sentence() -> None:
    """The most important text stands where the eye is: above the prompt."""
    last = summary(RESULTS["one seed"]).splitlines()[-1]

    assert last == (
        "410 of 800 requests (51 %) reached the origin;"
        " it refused none, and every request was answered."
    )


def test_one_seed_has_no_interval_and_says_so() -> None:
    """How sure the numbers are cannot be known from one run."""
    first = summary(RESULTS["one seed"]).splitlines()[0]

    assert first.endswith("seed 9 · one seed: no interval")


def test_the_outcomes_stand_apart() -> None:
    """Answered and refused requests have their own latencies."""
    text = summary(a_result(a_flash_sale(bursts=2, limit=600)))

    assert re.search(r"answered +1,380 +86 % +5 ms +205 ms", text)
    assert re.search(r"refused \(429\) +220 +14 % +15 ms +15 ms", text)


def test_the_bill_names_the_line_that_makes_it() -> None:
    """4,500 runs with 1,200 puts: 4.4 million beyond the included one, at $5 each."""
    lines = summary(THE_INCIDENT).splitlines()
    (cost,) = (line for line in lines if line.startswith("  cost"))

    assert cost.endswith("$33.22 a month; 66 % of it KV writes ($22.00)")


def test_many_warnings_are_counted() -> None:
    """They do not push the numbers off the screen."""
    text = summary(a_result(a_flash_sale(), warnings=("a", "b", "c", "d")))

    assert "! a\n! b\n! 2 more warnings (--json shows all)\n" in text


def test_an_interrupted_run_says_so() -> None:
    """What is shown is of fewer runs than were asked for."""
    text = summary(a_result(a_flash_sale(), complete=False))

    assert "! interrupted" in text


def test_colour_is_added_only_when_asked_for() -> None:
    """The text is the same without it."""
    plain, coloured = (summary(THE_INCIDENT, colour=on) for on in (False, True))

    assert "\x1b[" not in plain
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
