"""What to know of a comparison: how it was done, and what its numbers are of."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from simcoalesce.conditions.reach import Reach
from simcoalesce.report.blocks.not_comparable import what_is_not_comparable
from simcoalesce.report.blocks.number_format import counted, listed, share

if TYPE_CHECKING:
    from simcoalesce.experiment.answered import Coverage
    from simcoalesce.experiment.compare import Comparison
    from simcoalesce.experiment.difference import Difference


def comparison_notes(comparison: "Comparison") -> Iterator[str]:
    """Yield the footnotes of a comparison."""
    yield _method(comparison)
    yield from _not_comparable(comparison)
    yield from _grouped(comparison, lambda one: _requests(one, comparison))
    yield from _grouped(comparison, lambda one: _runs(one, comparison))
    yield from _equal(comparison)


def _method(comparison: "Comparison") -> str:
    how = (
        "Student-t intervals of the differences seed by seed"
        if comparison.is_paired
        else "The traffic differs, so the runs are no pairs: Welch-t intervals"
    )
    margin = share(comparison.margin_ratio, 1)
    tested = [one for one in comparison.differences if not one.reason]
    tests = counted(len(tested), "metric")
    return (
        f"{how}; same: within ±{margin} of before; p-values Holm-adjusted over {tests}."
    )


def _not_comparable(comparison: "Comparison") -> Iterator[str]:
    """Yield why latencies are not comparable, and what says it of all requests."""
    if not any(one.reason for one in comparison.differences):
        return
    what = what_is_not_comparable(comparison.error_shares.margin_ratio)
    yield f"Not comparable: {what}."
    over_all = [one.metric for one in comparison.over_all_requests]
    if over_all:
        verb = "is" if len(over_all) == 1 else "are"
        yield (
            f"{listed(over_all)} {verb} of all requests; an error counts with its own"
            " latency, so fast refusals are lower and not better."
        )


def _grouped(
    comparison: "Comparison", told: Callable[["Difference"], str]
) -> Iterator[str]:
    """Yield what is told of metrics, once for those of which it is the same."""
    groups: dict[str, list[str]] = {}
    for one in comparison.differences:
        groups.setdefault(told(one), []).append(one.metric)
    for text, names in groups.items():
        if text:
            yield f"{listed(names)}: {text}."


def _requests(difference: "Difference", comparison: "Comparison") -> str:
    """Return how many requests of a run a latency is of, unless of all."""
    covers = comparison.covers(difference.metric)
    if covers is None or all(one.is_all for one in covers):
        return ""
    word = "got an error" if "_error_" in difference.metric else "were answered"
    before, after = (_covered(one, word) for one in covers)
    if before == after:
        return f"of {before}"
    return f"before of {before}, after of {after}"


def _covered(coverage: "Coverage", word: str) -> str:
    fewest, most = f"{coverage.fewest:,}", f"{coverage.most:,}"
    if not coverage.most:
        return "none"
    between = most if fewest == most else f"{fewest} to {most}"
    if coverage.is_all:
        return f"all {between}"
    return f"the {between} requests that {word}"


def _runs(difference: "Difference", comparison: "Comparison") -> str:
    """Return in how many runs there is such a number, unless in all."""
    runs = comparison.replications
    if difference.base.n == difference.other.n == runs:
        return ""
    before, after = (
        _in_runs(one.n, runs) for one in (difference.base, difference.other)
    )
    told = f"{before} before, {after} after"
    if comparison.is_paired and difference.change.n:
        told += f"; the change is of {counted(difference.change.n, 'pair')}"
    return told


def _in_runs(count: int, runs: int) -> str:
    if not count:
        return "in none"
    return (
        f"in all {runs:,} runs" if count == runs else f"in {count:,} of {runs:,} runs"
    )


def _equal(comparison: "Comparison") -> Iterator[str]:
    """Yield how far a change reaches that was the same in all pairs."""
    compared = (one for one in comparison.differences if not one.reason)
    same = [one.metric for one in compared if one.change.is_same]
    if same and comparison.is_paired:
        pairs, bound = comparison.replications, Reach(0, comparison.replications).bound
        yield f"Same in all {pairs:,} pairs, another in {bound}: {listed(same)}."
