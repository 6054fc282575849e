"""Precision: as many replications as it takes, and no more."""

import pytest

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.estimate import Estimate
from simcoalesce.experiment.precision import is_reached, parse_precision
from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import Result
from tests.unit.experiment.builders import a_sale


def is_known(wanted: Condition, found: Result) -> bool:
    """Return whether what is wanted is reached by the runs of a result."""
    assert found.measured is not None
    return is_reached(wanted, found.measured.subject)


def test_runs_go_on_until_the_metric_is_known_well_enough() -> None:
    """Half the interval is at most 5 % of the mean, and was not much earlier."""
    wanted = parse_precision("origin_hits within 5%")
    found = replicate(a_sale(), until=wanted)

    assert found.complete
    assert is_known(wanted, found)
    assert 10 <= found.replications < 10_000


def test_more_precision_takes_more_runs() -> None:
    """A quarter of the width: many more."""
    coarse, fine = (
        replicate(a_sale(), until=f"origin_hits within {share}%") for share in (8, 2)
    )

    assert fine.replications > 2 * coarse.replications


def test_the_runs_are_the_first_of_any_number() -> None:
    """They are those that a fixed number would have been."""
    found = replicate(a_sale(), until="origin_hits within 5%")
    fixed = replicate(a_sale(), replications=found.replications)

    assert found.document() == fixed.document()


def test_a_number_of_replications_is_where_it_ends() -> None:
    """Precision that is not reached is not pretended."""
    wanted = parse_precision("origin_hits within 0.01%")
    found = replicate(a_sale(), until=wanted, replications=12)

    assert found.replications == 12
    assert not is_known(wanted, found)


@pytest.mark.parametrize(
    ("written", "is_so"),
    [
        ("origin_hits within 5%", True),
        ("origin_hits within 4%", False),
        ("origin_hits within 5", True),
        ("origin_hits within 4", False),
        ("origin_hits within 5 and errors within 5", True),
        ("origin_hits within 5 and errors within 4", False),
    ],
)
def test_half_of_the_interval_is_at_most_the_number(
    written: str,
    is_so: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Of every metric: a share of the mean, or in its unit."""
    known = Estimate(100, 8, 95, 105, 10, "1")

    assert is_reached(parse_precision(written), lambda _: known) == is_so


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("origin_hits", "compares nothing"),
        ("orgin_hits within 2%", "did you mean"),
        ("origin_hits within 0%", "nothing is known better"),
        ("latency_p99_s within 5", "is a duration"),
        ("origin_hits <= 5", "write e.g. origin_hits within 2%"),
        ("hit_ratio within much", "no metric or unit"),
    ],
)
def test_what_is_no_precision_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint):
        parse_precision(text)
