"""Precision: as many replications as it takes, and no more."""

import pytest

from simcoalesce.experiment.precision import Precision
from simcoalesce.experiment.replicate import replicate
from tests.unit.experiment.builders import a_sale


def test_runs_go_on_until_the_metric_is_known_well_enough() -> None:
    """Half the interval is at most 5 % of the mean, and was not much earlier."""
    wanted = Precision.parse("origin_hits within 5%")
    found = replicate(a_sale(), until=wanted)
    known = found.estimates["origin_hits"]

    assert found.complete
    assert wanted.is_met_by(known)
    assert 10 <= found.replications < 10_000


def test_more_precision_takes_more_runs() -> None:
    """A quarter of the width: many more."""
    coarse, fine = (
        replicate(a_sale(), until=Precision.parse(f"origin_hits within {share}%"))
        for share in (8, 2)
    )

    assert fine.replications > 2 * coarse.replications


def test_the_runs_are_the_first_of_any_number() -> None:
    """They are those that a fixed number would have been."""
    found = replicate(a_sale(), until=Precision.parse("origin_hits within 5%"))
    fixed = replicate(a_sale(), replications=found.replications)

    assert found.document() == fixed.document()


def test_a_number_of_replications_is_where_it_ends() -> None:
    """Precision that is not reached is not pretended."""
    wanted = Precision.parse("origin_hits within 0.01%")
    found = replicate(a_sale(), until=wanted, replications=12)

    assert found.replications == 12
    assert not wanted.is_met_by(found.estimates["origin_hits"])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("origin_hits", "is no precision"),
        ("orgin_hits within 2%", "did you mean"),
        ("origin_hits within 0%", "nothing is known better"),
        ("latency_p99_s within 5", "is not a duration"),
        ("hit_ratio within much", "is no share"),
    ],
)
def test_what_is_no_precision_is_refused(text: str, hint: str) -> None:
    """The message says what to write instead."""
    with pytest.raises(ValueError, match=hint):
        Precision.parse(text)
