"""Metric entries: what each metric counts, in which unit, and when there is none."""

from collections.abc import Iterator, Mapping
from typing import Final

from simcoalesce.metrics.metric import Metric, Unit
from simcoalesce.metrics.registry import METRICS, SELECTABLE
from simcoalesce.reference.reference_entry import ReferenceEntry, paragraphs

_UNITS: Final[Mapping[Unit, str]] = {
    "1": "a count",
    "s": "seconds",
    "1/s": "per second",
    "ratio": "a ratio",
    "USD": "US dollars",
}
_EXAMPLES: Final[Mapping[Unit, str]] = {
    "1": "<= 50",
    "s": "<= 250ms",
    "1/s": "<= 100/s",
    "ratio": "<= 5%",
    "USD": "<= 40 USD",
}
_PARTS: Final = {"key": "key=product", "location": "location=icn", "time": "within=1s"}


def metric_entries() -> Iterator[ReferenceEntry]:
    """Yield every metric, in the order of results."""
    return map(_entry, METRICS.values())


def _entry(metric: Metric) -> ReferenceEntry:
    facts = {"unit": _UNITS[metric.unit]}
    if metric.missing:
        facts["none if"] = metric.missing
    if metric.is_instant:
        facts["if it never happens"] = "it is later than any time"
    by = SELECTABLE.get(metric.name)
    facts["of a part of the requests"] = (
        "by " + ", ".join(sorted(by)) if by else "no: it is of the whole run"
    )
    return ReferenceEntry(
        subject="metric",
        name=metric.name,
        text=paragraphs(metric.meaning),
        facts=facts,
        example=f"expect: [{metric.name} {_EXAMPLES[metric.unit]}]",
    )
