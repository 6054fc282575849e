"""A back-test: what was predicted beside what a log recorded."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.fit.back_test import BackTest, ComparedPart
from simcoalesce.fit.back_test_line import BackTestLine
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.blocks.report import Block, Toned

_HEADER: Final = ("", "metric", "recorded", "predicted", "apart", "agrees within")
_NAMES: Final = {
    "origin_calls": "origin calls",
    "hits": "answered without a call",
    "refusals": "429s",
}


def back_test_block(found: BackTest) -> Block:
    """Return the verdict, each number on both sides, and the rivals' calls."""
    return Block(
        "Back-test",
        lines=(
            Toned(found.sentence, "good" if found.is_believed else "bad"),
            _part(found),
        ),
        header=_HEADER,
        rows=[_row(line) for line in found.main.lines],
        numbers=(2, 3, 4, 5),
        notes=tuple(_notes(found)),
        pictures=("predicted_calls",),
    )


def _part(found: BackTest) -> str:
    runs = counted(len(found.main.predicted), "run")
    part = f"from {found.from_s:,.0f} to {found.until_s:,.0f} s"
    if found.fitted_s is None:
        return f"The log {part}, beside {runs} of the scenario."
    return (
        f"The log {part}, which was not fitted, beside {runs} of what its first"
        f" {found.fitted_s[1]:,.0f} s tell."
    )


def _row(line: BackTestLine) -> tuple[str, ...]:
    value = count if line.unit == "1" else duration
    name = _NAMES.get(line.name, line.name)
    sign = Toned("✓", "good") if line.agrees else Toned("✗", "bad")
    if not line.decides:
        sign = Toned("✓" if line.agrees else "~", None)
    apart = "-" if line.error_ratio is None else f"{line.error_ratio:+.1%}"
    return (
        sign,
        name,
        value(line.recorded),
        value(line.predicted),
        apart,
        f"± {value(line.tolerance)}",
    )


def _notes(found: BackTest) -> Iterator[str]:
    correlation = found.main.correlation
    if correlation is not None:
        yield f"Calls in each second correlate by {correlation:.3f}."
    yield _residual(found)
    if found.contradictions is not None:
        bad, ages = found.contradictions
        yield f"{count(bad)} of {count(ages)} ages contradict the ttl."
    for rival in found.rivals:
        yield _rival(rival)
    yield from found.notes


def _residual(found: BackTest) -> str:
    second, apart = found.main.largest_residual
    total = float(found.main.cumulated[-1])
    more = "more" if apart > 0 else "fewer"
    at = f"{found.from_s + second:,.0f} s"
    return (
        f"In the second from {at} on {counted(abs(round(apart)), 'call')} {more} than"
        f" recorded, the largest difference; {total:+,.0f} in all."
    )


def _rival(rival: ComparedPart) -> str:
    calls, _, refusals, *_ = rival.lines
    verdict = "would do as well" if not rival.unlike else "does not tell it"
    return (
        f"With {rival.text}, which the fitted part does not exclude:"
        f" {count(calls.predicted)} calls, {count(refusals.predicted)} 429s; it"
        f" {verdict}."
    )
