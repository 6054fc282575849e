"""Limits that could have refused the calls of a log, with what contradicts each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.fit.admissions import Admissions
from simcoalesce.fit.bucket_grid import fitted_bucket
from simcoalesce.fit.written import written_rate, written_seconds
from simcoalesce.units import NS_PER_S

PERIODS_S: Final = (
    *(0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 15.0, 20.0),
    *(30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0),
)
"""Lengths of windows that people choose."""
_FEWEST_WINDOWS: Final = 1.0
_LARGE: Final = 20
"""From this limit on a call more or less in a window is no contradiction."""


@dataclass(frozen=True)
class LimitCandidate:
    """A limit, and how well it tells which calls were refused.

    Attributes:
        written: As a scenario writes it.
        contradictions: How many calls it would have treated otherwise.
        text: What sentences call it.
        spread: The 95 % interval of its main number, as a scenario writes it.
        draws: What ``run --uncertain`` draws, by the path below the limit.
    """

    written: dict[str, Any]
    contradictions: int
    text: str
    spread: tuple[str, str] | None = None
    draws: tuple[tuple[str, Any], ...] = ()


def limit_candidates(calls: Admissions) -> list[LimitCandidate]:
    """Return the best limit of each kind, the least contradicted first."""
    best = [
        min(found, key=lambda one: one.contradictions)
        for found in (
            list(_buckets(calls)),
            list(_fixed_windows(calls)),
            list(_sliding_windows(calls)),
            list(_concurrency(calls)),
        )
        if found
    ]
    return sorted(best, key=lambda one: one.contradictions)


def _buckets(calls: Admissions) -> Iterator[LimitCandidate]:
    found = fitted_bucket(calls)
    rate = written_rate(found.rate_per_s)
    spread = written_rate(found.least_per_s), written_rate(found.most_per_s)
    yield LimitCandidate(
        {"kind": "token_bucket", "rate": rate, "burst": found.burst},
        found.contradictions,
        f"token bucket of {rate}, burst {found.burst:,}",
        spread,
        (("rate", f"{spread[0]}..{spread[1]}"),),
    )


def _sliding_windows(calls: Admissions) -> Iterator[LimitCandidate]:
    at, admitted = calls.at_s, calls.at_s[~calls.refused]
    slack = calls.slack_s
    fewest, greatest = calls.admitted_before
    for per in _periods(calls):
        least = fewest - np.searchsorted(admitted, at - per + slack, side="right")
        most = greatest - np.searchsorted(admitted, at - per - slack, side="right")
        limit, bad = _least_contradicted(calls, np.maximum(least, 0), most)
        yield _window("sliding_window", limit, per, bad)


def _fixed_windows(calls: Admissions) -> Iterator[LimitCandidate]:
    for per in _periods(calls):
        phases = _phases_s(calls, per)
        found = [(*_counted_in_windows(calls, per, one), one) for one in phases]
        limit, bad, phase = min(found, key=lambda one: one[1])
        # The first of the phases is the wall clock's own.
        if found[0][1] <= bad + 2:
            limit, bad, phase = found[0]
        offset_s = round((-phase) % per, 3) % per
        more = {"offset": written_seconds(offset_s)} if offset_s else {}
        yield _window("fixed_window", limit, per, bad, more)


def _concurrency(calls: Admissions) -> Iterator[LimitCandidate]:
    at, slack = calls.at_s, calls.slack_s
    fewest, greatest = calls.admitted_before
    ends = np.sort(calls.until_s[~calls.refused])
    least = fewest - np.searchsorted(ends, at + slack, side="right")
    most = greatest - np.searchsorted(ends, at - slack, side="right")
    limit, bad = _least_contradicted(calls, np.maximum(least, 0), np.maximum(most, 0))
    written = {"kind": "concurrency", "limit": limit}
    yield LimitCandidate(written, bad, f"{limit:,} calls at once")


def _window(
    kind: str, limit: int, per_s: float, bad: int, more: dict[str, str] | None = None
) -> LimitCandidate:
    per = written_seconds(per_s)
    text = f"{kind.replace('_', ' ')} of {limit:,} in {per}"
    written = {"kind": kind, "limit": limit, "per": per, **(more or {})}
    return LimitCandidate(written, bad, text)


def _periods(calls: Admissions) -> list[float]:
    longest = max(calls.span_s / _FEWEST_WINDOWS, PERIODS_S[0])
    return [one for one in PERIODS_S if one <= longest]


def _phases_s(calls: Admissions, per_s: float) -> list[float]:
    """Return when windows may begin, in seconds after 0: first by the wall clock.

    After the last refusal of a window and before the first admission a window began.
    """
    by_clock = float(-(calls.from_ns % round(per_s * NS_PER_S)) / NS_PER_S % per_s)
    refused = calls.refused
    turns = np.flatnonzero(refused[:-1] & ~refused[1:])
    least, most = calls.at_s[turns], calls.at_s[turns + 1]
    short = most - least < per_s / 2
    begins, lengths = least[short] % per_s, (most - least)[short]
    if not len(begins):
        return [by_clock]
    edges = np.concatenate([begins, (begins + lengths) % per_s])
    tried = np.unique(np.round(edges, 4))
    covered = _covered(tried, begins, lengths, per_s)
    best = np.flatnonzero(covered >= 0.9 * covered.max())
    middles = [_middle(tried, int(one), per_s) for one in best[:40]]
    return [by_clock, *middles]


def _covered(
    tried: NDArray[np.float64],
    begins: NDArray[np.float64],
    lengths: NDArray[np.float64],
    per_s: float,
) -> NDArray[np.int64]:
    """Return how many turns may hold each phase."""
    after = (tried[:, None] - begins[None, :]) % per_s
    covered: NDArray[np.int64] = (after <= lengths[None, :]).sum(axis=1)
    return covered


def _middle(tried: NDArray[np.float64], index: int, per_s: float) -> float:
    """Return the middle of a phase and the next that is worth trying."""
    here, following = tried[index], tried[(index + 1) % len(tried)]
    return float((here + ((following - here) % per_s) / 2) % per_s)


def _counted_in_windows(
    calls: Admissions, per_s: float, phase_s: float
) -> tuple[int, int]:
    """Return the best limit of windows that begin at a phase, and what is against."""
    within = (calls.at_s - phase_s) % per_s
    sure = np.minimum(within, per_s - within) >= calls.slack_s
    admitted = calls.at_s[~calls.refused]
    opens_s = calls.at_s - within
    fewest, greatest = calls.admitted_before
    # A call that comes just when a window begins may count in either.
    fewest = fewest - np.searchsorted(admitted, opens_s + calls.slack_s)
    greatest = greatest - np.searchsorted(admitted, opens_s - calls.slack_s)
    least, most = np.maximum(fewest, 0)[sure], greatest[sure]
    limit, bad = _least_contradicted(calls.among(sure), least, most)
    usual = _usual_total(calls, np.floor((calls.at_s - phase_s) / per_s))
    if usual is None:
        return limit, bad
    if usual >= _LARGE:
        # One call in the wrong window speaks against a limit with all that follow.
        least, most = np.maximum(least - 1, 0), most + 1
    tolerant = calls.among(sure).contradictions_of(least, most)
    bad_of_usual = int(tolerant[min(usual, len(tolerant) - 1)])
    return (usual, bad_of_usual) if bad_of_usual <= bad else (limit, bad)


def _usual_total(calls: Admissions, window: NDArray[np.float64]) -> int | None:
    """Return how many calls most windows admitted that ended with a refusal."""
    closes = np.flatnonzero(np.diff(window, append=np.inf) != 0)
    opens = np.concatenate([[0], closes[:-1] + 1])
    admitted = np.concatenate([[0], np.cumsum(~calls.refused)])
    totals = (admitted[closes + 1] - admitted[opens])[calls.refused[closes]]
    if not len(totals):
        return None
    counts = np.bincount(totals)
    return int(len(counts) - 1 - np.argmax(counts[::-1]))


def _least_contradicted(
    calls: Admissions, least: NDArray[np.int64], most: NDArray[np.int64]
) -> tuple[int, int]:
    bad = calls.contradictions_of(least, most)[1:]
    if not len(bad):
        return 1, 0
    index = int(np.argmin(bad))
    return index + 1, int(bad[index])
