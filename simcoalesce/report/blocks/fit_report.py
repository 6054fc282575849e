"""A fit: what was read, what it tells, whether that holds, and what to log."""

from collections.abc import Iterator
from typing import Final

from simcoalesce.fit.against_log import AgainstLog
from simcoalesce.fit.fitted_value import FittedValue
from simcoalesce.fit.log_fit import LogFit
from simcoalesce.fit.wanted_fields import NGINX_LINE, missing_fields
from simcoalesce.logs.log import Log
from simcoalesce.report.blocks.back_test import back_test_block
from simcoalesce.report.blocks.number_format import count, counted, duration
from simcoalesce.report.blocks.report import Block, Report, Toned
from simcoalesce.units import NS_PER_S, format_duration
from simcoalesce.yaml.writer import flow_text

_HEADER: Final = (
    *("", "parameter", "value", "95 % interval", "events (against)", "best rival"),
)
_SIGNS: Final = {
    "told": Toned("✓", "good"),
    "hardly told": Toned("~", "warn"),
    "not told": Toned("-", None),
}
_WIDEST: Final = 60
_NOT_SHOWN: Final = ("traffic", "wall_clock", "duration")
"""What every log tells."""
_LEGEND: Final = (
    "✓ told; ~ hardly told, by fewer than 10 events; - not told. Against: events that"
    " contradict the value."
)


def fit_report(fit: LogFit | AgainstLog, *, has_line: bool = True) -> Report:
    """Return what a log tells, in the order in which a reader doubts it.

    Args:
        fit: What was found.
        has_line: Whether the line for nginx.conf is in it; a terminal would break it.
    """
    tested = fit.back_test
    blocks = [_read_block(fit.log, fit.warnings)]
    if isinstance(fit, LogFit):
        blocks.append(_values_block(fit))
    if tested is not None:
        blocks.append(back_test_block(tested))
    blocks += _missing_block(fit.log, has_line=has_line)
    name = fit.log.name
    against = f"{fit.label} against {name}" if isinstance(fit, AgainstLog) else ""
    return Report(
        title=against or f"What {name} tells",
        subtitle=f"{count(len(fit.log))} requests of {duration(_span_s(fit.log))}",
        headline=fit.sentence,
        blocks=blocks,
        subjects=(tested,) if tested else (),
    )


def _span_s(log: Log) -> float:
    return float((log.at_ns[-1] - log.at_ns[0]) / NS_PER_S)


def _read_block(log: Log, warnings: tuple[str, ...]) -> Block:
    left_out = [f"{count(n)} left out ({why})" for why, n in log.left_out.items()]
    bad = [f"{counted(log.bad, 'line')} not understood"] if log.bad else []
    read = ", ".join([f"{counted(log.lines, 'line')} of {log.format}", *bad, *left_out])
    fields = ", ".join(f"{name} ({of})" for name, of in log.fields.items())
    return Block(
        "What was read",
        lines=(
            f"{read}.",
            f"Fields: {fields}.",
            f"{_starts(log)} Stamps are of {format_duration(log.stamp_ns)}.",
        ),
        notes=(*log.assumptions, *warnings),
    )


def _starts(log: Log) -> str:
    return {
        "logged": "The log says when requests start.",
        "reckoned": "The log says when requests end; starts are reckoned.",
        "ends": "The log says when requests end, and not how long they take.",
    }[log.starts]


def _values_block(fit: LogFit) -> Block:
    return Block(
        "What it tells",
        header=_HEADER,
        rows=[_row(one) for one in fit.values if one.name not in _NOT_SHOWN],
        numbers=(4,),
        notes=[_LEGEND, *_why_not(fit), *_of_law(fit)],
    )


def _row(value: FittedValue) -> tuple[str, ...]:
    rival = value.rival
    other = "-"
    if rival is not None:
        bad = rival.contradictions
        other = _cut(rival.text) + ("" if bad is None else f" ({count(bad)})")
    events = count(value.events) if value.events else "-"
    if value.contradictions is not None:
        events = f"{events} ({count(value.contradictions)})"
    return (
        _SIGNS[value.told],
        value.name.replace("_", " "),
        _text(value),
        _cut(" to ".join(value.interval)) if value.interval else "-",
        events,
        other,
    )


def _text(value: FittedValue) -> str:
    if value.text:
        return _cut(value.text)
    parts = [one for path, one in value.sets.items() if not path.endswith(".kind")]
    return _cut(flow_text(parts[0])) if parts else "-"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else f"{text[: _WIDEST - 3]}..."


def _why_not(fit: LogFit) -> Iterator[str]:
    """Yield why values are not told, those of one reason together."""
    reasons: dict[str, list[str]] = {}
    for one in fit.values:
        if one.told == "not told":
            reasons.setdefault(one.evidence, []).append(one.name.replace("_", " "))
    for why, names in reasons.items():
        yield f"{', '.join(names)}: {why}."


def _of_law(fit: LogFit) -> Iterator[str]:
    """Yield how the law of the traffic is held against the log."""
    law = fit.values.get("law")
    if law is not None and law.told == "told":
        yield f"The law beside the replay: {law.evidence}."


def _missing_block(log: Log, *, has_line: bool) -> Iterator[Block]:
    missing = missing_fields(log)
    if not missing:
        return
    yield Block(
        "What to log to be told more",
        header=("", "field", "in nginx", "tells"),
        rows=[("", one.field, one.variable, one.tells) for one in missing],
        notes=(f"A line for nginx.conf: {NGINX_LINE}",) if has_line else (),
    )
