"""What reports say of the scenario behind the rows, if there is one."""

import re
from collections.abc import Sequence
from datetime import timedelta

from simcoalesce.model.rate_limit import RateLimit
from simcoalesce.report.blocks.number_format import duration
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S

_EARLY_S = 10
"""Before it, whole seconds of the run's time tell too little."""


def clock_text(scenario: Scenario | None, at_ns: int, *, digits: int = 0) -> str:
    """Write an instant as the wall clock shows it, else as the time of the run.

    Args:
        scenario: The scenario; None or without a clock gives the time of the run.
        at_ns: The instant, in nanoseconds from the start.
        digits: Decimals of the seconds, at most 6; what lies beyond is cut off.

    >>> clock_text(None, 180_123_000_000, digits=1)
    't = 180.1 s'
    """
    if scenario is None or scenario.starts_at is None:
        whole, rest = divmod(at_ns, NS_PER_S)
        decimals = f".{rest:09d}"[: digits + 1] if digits else ""
        return f"t = {whole:,}{decimals} s"
    instant = scenario.starts_at + timedelta(microseconds=at_ns // 1_000)
    decimals = f".{instant.microsecond:06d}"[: digits + 1] if digits else ""
    # From the second day on the time alone would not do.
    day = "" if instant.date() == scenario.starts_at.date() else f"{instant:%d %b} "
    return f"{day}{instant:%H:%M:%S}{decimals}"


def when_text(scenario: Scenario | None, at_s: float, *, about: str = "") -> str:
    """Write when something happens: on the clock, or how long after the start.

    >>> when_text(None, 0.0998), when_text(None, 180.1, about="about ")
    ('after 99.8 ms', 'at about t = 180 s')
    """
    has_clock = scenario is not None and scenario.starts_at is not None
    if not has_clock and at_s < _EARLY_S:
        return f"after {about}{duration(at_s)}"
    return f"at {about}{clock_text(scenario, int(at_s * NS_PER_S))}"


def rate_limits(scenario: Scenario | None) -> Sequence[RateLimit]:
    """Return the limits of the scenario's origin; none without a scenario."""
    if scenario is None or not scenario.path:
        return ()
    return scenario.path[-1].rate_limits


def limit_text(limit: RateLimit) -> str:
    """Write a rate limit as its scenario does.

    >>> from simcoalesce.model.rate_limits.fixed_window import FixedWindow
    >>> limit_text(FixedWindow.model_validate({"limit": "1200", "per": "5m"}))
    'fixed window, limit 1,200, per 5m'
    """
    parts = limit.document()
    kind, for_each = (str(parts.pop(name)) for name in ("kind", "for_each"))
    whose = [] if limit.counts_all else [f"for each {for_each}"]
    said = ((name, part) for name, part in parts.items() if part != "0ms")
    named = (f"{name} {_part(part)}" for name, part in said)
    return ", ".join([kind.replace("_", " "), *named, *whose])


def _part(part: object) -> str:
    return re.sub(r"\d{4,}", lambda digits: f"{int(digits[0]):,}", str(part))
