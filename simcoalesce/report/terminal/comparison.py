"""The text of a comparison: what was changed, what that changes, and the verdicts."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Final

from simcoalesce.metrics import METRICS
from simcoalesce.report.blocks.estimate_text import value_text
from simcoalesce.report.blocks.number_format import counted, listed, share
from simcoalesce.report.terminal.sparkline import cut_right

if TYPE_CHECKING:
    from simcoalesce.experiment.compare import Comparison
    from simcoalesce.experiment.difference import Difference
    from simcoalesce.experiment.estimate import Estimate

_WIDTH: Final = 100
_MOST_CHANGES: Final = 3
_COLUMNS: Final = ("metric", "before", "after", "change", "95 % of change", "better in")

_MINUS: Final = "\N{MINUS SIGN}"

Points = tuple[str, ...]


def comparison_text(comparison: "Comparison") -> str:
    """Return a comparison as text, at most 100 columns wide.

    Returns:
        The lines, without an end of line behind the last.
    """
    rows = [_cells(one, comparison) for one in comparison.differences]
    widths = [max(map(len, column)) for column in zip(_COLUMNS, *rows, strict=True)]
    lines = [
        *_heading(comparison),
        "",
        _row(_COLUMNS, widths, ""),
        *(
            _row(points, widths, _verdict(one, comparison))
            for points, one in zip(rows, comparison.differences, strict=True)
        ),
        "",
        *_wrapped(_sentence(comparison)),
        *_wrapped(_method(comparison)),
    ]
    return "\n".join(lines)


def comparison_markdown(comparison: "Comparison") -> str:
    """Return a comparison in Markdown, to paste into a pull request.

    Returns:
        The lines, without an end of line behind the last.
    """
    said = [f"- `{change}`" for change in _changes(comparison)]
    head = " | ".join((*_COLUMNS, "verdict"))
    rule = " | ".join(("---", *["--:"] * (len(_COLUMNS) - 1), "---"))
    rows = [
        " | ".join((*_cells(one, comparison), _verdict(one, comparison)))
        for one in comparison.differences
    ]
    title = f"**{_title(comparison)}**"
    table = [f"| {row} |" for row in (head, rule, *rows)]
    ending = [_sentence(comparison), "", f"<sub>{_method(comparison)}</sub>"]
    return "\n".join([title, "", *said, "", *table, "", *ending])


def _heading(comparison: "Comparison") -> list[str]:
    runs = comparison.replications
    pairs = counted(runs, "paired seed" if comparison.is_paired else "seed")
    title = _title(comparison)
    room = _WIDTH - len(pairs) - 2
    first = f"{cut_right(title, room):<{room}}  {pairs}"
    return [
        first,
        *(f"  {cut_right(line, _WIDTH - 2)}" for line in _changes(comparison)),
    ]


def _title(comparison: "Comparison") -> str:
    before, after = comparison.base.label, comparison.other.label
    if before == after:
        before = comparison.base.source or before
        after = comparison.other.source or after
    return f"{before} → {after}"


def _changes(comparison: "Comparison") -> list[str]:
    found = [f"{c.where}: {c.before} → {c.after}" for c in comparison.changes]
    if not found:
        return ["both say the same"]
    if len(found) <= _MOST_CHANGES:
        return found
    rest = counted(len(found) - _MOST_CHANGES + 1, "more change")
    return [*found[: _MOST_CHANGES - 1], f"{rest} (--json lists them)"]


def _cells(difference: "Difference", comparison: "Comparison") -> Points:
    unit = METRICS[difference.metric].unit
    change = difference.change
    interval = "-"
    if change.low is not None and change.high is not None:
        interval = f"[{_signed(change.low, unit)}, {_signed(change.high, unit)}]"
    tally = "-"
    if comparison.is_paired and change.n:
        tally = f"{difference.better_in}/{change.n}"
    return (
        difference.metric,
        _mean(difference.base),
        _mean(difference.other),
        "-" if change.mean is None else _signed(change.mean, unit),
        interval,
        tally,
    )


def _mean(estimate: "Estimate") -> str:
    return "-" if estimate.mean is None else value_text(estimate.mean, estimate.unit)


def _signed(value: float, unit: str) -> str:
    text = value_text(abs(value), unit)
    if unit == "ratio":
        text = text.replace("%", "pp")
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero else f"{_sign(value)}{text}"


def _sign(value: float) -> str:
    return "+" if value > 0 else _MINUS


def _row(points: Sequence[str], widths: Sequence[int], verdict: str) -> str:
    name, *numbers = points
    name_width, *number_widths = widths
    columns = [f"{n:>{w}}" for n, w in zip(numbers, number_widths, strict=True)]
    return "   ".join([f"{name:<{name_width}}", *columns, verdict]).rstrip()


def _verdict(difference: "Difference", comparison: "Comparison") -> str:
    if difference.verdict != "undecided":
        return difference.verdict
    if difference.change.mean is None:
        return "none before" if difference.other.n else "none after"
    needed = difference.replications_to_decide
    if needed is None or needed <= comparison.replications:
        return "undecided"
    return f"undecided (about {needed:,} seeds would decide)"


def _wrapped(text: str) -> list[str]:
    held = text.replace(" %", "\N{NO-BREAK SPACE}%")
    lines = wrap(held, _WIDTH, break_on_hyphens=False)
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]


def _sentence(comparison: "Comparison") -> str:
    found = [one for one in comparison.differences if one.change.mean is not None]
    parts = (
        ("better", [_with_share(one) for one in found if one.verdict == "better"]),
        ("worse", [_with_share(one) for one in found if one.verdict == "worse"]),
        (
            f"undecided with {counted(comparison.replications, 'seed')}",
            [one.metric for one in found if one.verdict == "undecided"],
        ),
    )
    told = "; ".join(f"{word}: {listed(names)}" for word, names in parts if names)
    return f"{told[:1].upper()}{told[1:]}." if told else "Nothing that matters changes."


def _with_share(difference: "Difference") -> str:
    base, change = difference.base.mean, difference.change.mean
    if not base or change is None or difference.base.unit == "ratio":
        return difference.metric
    return f"{difference.metric} ({_sign(change)}{share(abs(change), abs(base))})"


def _method(comparison: "Comparison") -> str:
    how = (
        "Student-t intervals of the differences seed by seed"
        if comparison.is_paired
        else "The traffic differs, so the runs are no pairs: Welch-t intervals"
    )
    margin = share(comparison.margin_ratio, 1)
    tests = counted(len(comparison.differences), "metric")
    return (
        f"{how}; same: within ±{margin} of before; p-values Holm-adjusted over {tests}."
    )
