"""Tables of a run by key and by location: whose are the refusals and the misses?"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.metrics.latency import percentile_s
from simcoalesce.outcomes import Lookup, Outcomes
from simcoalesce.report.blocks.estimate_text import value_or_dash
from simcoalesce.report.blocks.number_format import count, counted
from simcoalesce.report.blocks.report import Block

_MOST: Final = 10
_COLUMNS: Final = ("requests", "hits", "misses", "origin calls", "refused", "p99")


def parts_blocks(outcomes: Outcomes, which_run: str) -> Iterator[Block]:
    """Yield a table by key and one by location, where requests are of several.

    Those with most refused calls come first, then those with most misses.

    Args:
        outcomes: One run.
        which_run: Which one, in words.
    """
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    parts = {
        "key": (outcomes.keys, rows.key, calls.key),
        "location": (outcomes.locations, rows.location, _locations(outcomes)),
    }
    for noun, (names, of_request, of_call) in parts.items():
        asked = len(np.unique(of_request))
        if asked < 2:
            continue
        numbers = _numbers(outcomes, of_request, of_call, len(names))
        first = np.lexsort((-numbers[0], -numbers[2], -numbers[4]))
        texts = [
            (names[part], *map(count, numbers[:, part].tolist()), _p99(outcomes, is_of))
            for part in first[: min(_MOST, asked)].tolist()
            for is_of in (of_request == part,)
        ]
        which = f"The {_MOST} of {counted(asked, noun)} with" if asked > _MOST else "By"
        lines = f"{which} most refused calls, then most misses"
        yield Block(
            f"By {noun}",
            lines=(f"{lines} ({which_run}).",),
            header=(noun, *_COLUMNS),
            rows=texts,
            numbers=(1, 2, 3, 4, 5, 6),
        )


def _numbers(
    outcomes: Outcomes,
    of_request: NDArray[np.int64],
    of_call: NDArray[np.int64],
    parts: int,
) -> NDArray[np.int64]:
    """Return all columns but the last, shape (columns, parts)."""
    lookup, status = outcomes.request_rows.lookup, outcomes.origin_rows.status
    is_known = of_call >= 0
    columns = (
        of_request,
        of_request[lookup == int(Lookup.HIT)],
        of_request[lookup == int(Lookup.MISS)],
        of_call[is_known],
        of_call[is_known & (status == 429)],
    )
    return np.stack([np.bincount(one, minlength=parts) for one in columns])


def _p99(outcomes: Outcomes, is_of: NDArray[np.bool_]) -> str:
    """Return the 99th percentile of the answers; a dash where they are too few."""
    rows = outcomes.request_rows
    return value_or_dash(percentile_s(rows.latency_ns[is_of & rows.answered], 99), "s")


def _locations(outcomes: Outcomes) -> NDArray[np.int64]:
    """Return the location of each call's request; -1 where no request is known."""
    rows, calls = outcomes.request_rows, outcomes.origin_rows
    if not len(rows.request):
        return np.full(len(calls.request), -1)
    by_id = np.argsort(rows.request, kind="stable")
    ids = rows.request[by_id]
    at = np.minimum(np.searchsorted(ids, calls.request), len(ids) - 1)
    return np.where(ids[at] == calls.request, rows.location[by_id[at]], -1)
