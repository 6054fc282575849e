"""Origin calls and limit: the headline tells the first refusal."""

from datetime import UTC, datetime

import numpy as np
from matplotlib.figure import Figure

from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.pictures.origin_calls_and_limit import OriginCallsAndLimit
from tests.builders import a_path, an_origin
from tests.unit.report.builders import a_context, a_flash_sale

AT_NINE = a_context(starts_at=datetime(2026, 6, 5, 21, tzinfo=UTC))


def test_the_origin_is_told_by_its_first_refusal() -> None:
    """When it was, and what it had taken before."""
    run = RunView(a_flash_sale(bursts=5, limit=1_200), AT_NINE)

    assert OriginCallsAndLimit().headline(run) == (
        "The origin gets 2,830 calls and refuses 1,630 (58 %):"
        " the first at 21:02:00, after 1,200 accepted"
    )


def test_limits_for_each_key_are_named_and_have_no_line() -> None:
    """The legend says whose calls they count, in place of a line."""
    limit = {"kind": "fixed_window", "limit": 1_200, "per": "5m", "for_each": "key"}
    scenario = a_context(path=a_path(an_origin(rate_limit=limit)))
    run = RunView(a_flash_sale(bursts=5, limit=1_200), scenario)
    ax = Figure().subplots()
    OriginCallsAndLimit().draw(run, ax)

    (allowed,) = (one for one in ax.lines if str(one.get_label()).startswith("allowed"))

    assert str(allowed.get_label()).endswith("per 5m, for each key: no line for all")
    assert len(np.asarray(allowed.get_xdata())) == 0


def test_a_token_bucket_is_drawn_as_tokens_left() -> None:
    """It has a panel of its own, and no ceiling on the calls so far."""
    limit = {"kind": "token_bucket", "rate": "20/s", "burst": 40}
    run = RunView(a_flash_sale(), a_context(path=a_path(an_origin(rate_limit=limit))))
    ax = Figure().subplots()
    OriginCallsAndLimit().draw(run, ax)

    (tokens,) = ax.child_axes

    assert ax.get_ylabel() == "calls/s"
    assert tokens.get_ylabel() == "tokens left of 40"
    assert tokens.get_ylim() == (0, 44)
