"""Tables: a sweep as tidy rows, one for each point and metric."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from simcoalesce.experiment.sweeps.point import SweepPoint
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.experiment.sweeps.sweep import Sweep

NUMBERS: Final = ("mean", "sd", "ci95_low", "ci95_high")
"""What an estimate is, each empty where it is not known."""
_COUNTS: Final = ("point", "n", "metrics", "points")
MEASURED: Final = ("metric", "unit", *NUMBERS, "n", "reason")
"""The columns behind the axes that say what was measured."""
PART_OF: Final = ("metrics", "points", "shard", "plan")
"""The last columns: what a row is part of."""
_PLAN_CHARACTERS: Final = 16

if TYPE_CHECKING:
    import pandas as pd

Row = tuple[str, ...]


def table_rows(sweep: Sweep, shard: Shard | None = None) -> list[Row]:
    """Return the table of a sweep as rows of texts, the names of columns first.

    Columns are the point's number, one for each axis, then metric, unit, mean, sd,
    ci95_low and ci95_high (of the 95 % interval of the mean; empty if an end is not
    finite), n and reason: why it is missing, or nothing follows from it. The last four
    say what a row is part of: how many metrics its point has, how many points the
    sweep, which shard the table is, and a digest of the sweep's plan. A point that
    failed has one row, without a metric, and its reason. Numbers are written so that
    they read back equal.

    Args:
        sweep: What was found.
        shard: Which part of the sweep that is; all of it if absent.
    """
    plan = sweep.plan
    every = str(len(plan.points)), str(shard or Shard()), plan.sha256[:_PLAN_CHARACTERS]
    rows = [("point", *(axis.key for axis in plan.axes), *MEASURED, *PART_OF)]
    for index, point in enumerate(sweep.points):
        found = [*_measured(point)] if point else []
        metrics = str(sum(bool(one[0]) for one in found))
        named = (str(index), *plan.points[index])
        rows += [(*named, *one, metrics, *every) for one in found]
    return rows


def frame_of(rows: Sequence[Row]) -> "pd.DataFrame":
    """Return rows as a table of pandas: what is empty is missing.

    Args:
        rows: Texts, the names of columns first.

    Returns:
        point, n, metrics and points are whole numbers, mean, sd, ci95_low and ci95_high
        floats, and all else, parameters too, texts.
    """
    import pandas as pd  # noqa: PLC0415 - a third of a second, only when asked for

    head, *body = rows
    texts = pd.DataFrame(body, columns=list(head), dtype="string")
    types = dict.fromkeys(_COUNTS, "int64") | dict.fromkeys(NUMBERS, "float64")
    return texts.mask(texts == "").astype(types)


def _measured(point: SweepPoint) -> Iterator[Row]:
    if point.measured is None:
        yield (*[""] * 6, "0", point.failure or "")
        return
    for name, known in point.measured.estimates().items():
        numbers = (known.mean, known.sd, *(known.ci95 or (None, None)))
        texts = ("" if number is None else repr(number) for number in numbers)
        reason = known.reason or point.no_verdict
        yield (name, known.unit, *texts, str(known.n), reason)
