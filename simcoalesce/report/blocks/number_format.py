"""Numbers as people read them: rounded, with a unit, never more exact than useful."""

import re
from collections.abc import Sequence
from math import floor, log10
from typing import Final

from simcoalesce.units import NS_PER_S, format_duration

NO_BREAK: Final = "\N{NO-BREAK SPACE}"


def count(number: float) -> str:
    """Write a count, or a mean of counts.

    >>> count(4000), count(404.3), count(12.25), count(0.0333)
    ('4,000', '404', '12.2', '0.033')
    """
    if number == round(number) or abs(number) >= 100:
        return f"{round(number):,}"
    return f"{number:.1f}".removesuffix(".0") if abs(number) >= 1 else f"{number:.2g}"


def counted(number: float, noun: str) -> str:
    """Write a count with its noun, in the plural unless it is one.

    >>> counted(1, "request"), counted(800, "request"), counted(2, "fetch")
    ('1 request', '800 requests', '2 fetches')
    """
    plural = "es" if noun.endswith(("ch", "s")) else "s"
    return f"{count(number)} {noun}{'' if number == 1 else plural}"


def duration(duration_s: float) -> str:
    """Write a duration in ms, and a long one in s or min.

    >>> duration(0.205), duration(0.0051), duration(12.5), duration(5400)
    ('205 ms', '5.1 ms', '12.5 s', '90 min')
    """
    if duration_s >= 600:
        return f"{duration_s / 60:,.1f}".removesuffix(".0") + " min"
    if duration_s >= 10:
        return f"{duration_s:.1f}".removesuffix(".0") + " s"
    milliseconds = duration_s * 1_000
    if milliseconds >= 100:
        return f"{milliseconds:,.0f} ms"
    return f"{milliseconds:.3g} ms"


def spaced_duration(duration_ns: int) -> str:
    """Write a round duration in ms, or from a second on in its largest exact unit.

    >>> spaced_duration(10_000_000), spaced_duration(7_200_000_000_000)
    ('10 ms', '2 h')
    """
    if duration_ns < NS_PER_S:
        return duration(duration_ns / NS_PER_S)
    written = format_duration(duration_ns)
    digits = written.rstrip("hms")
    return f"{digits} {written.removeprefix(digits)}"


def spaced_units(text: str) -> str:
    """Put a space between the number and the unit of every duration in a text.

    >>> spaced_units("median 20ms, p99 100ms"), spaced_units("a lock of 2m")
    ('median 20 ms, p99 100 ms', 'a lock of 2 min')
    """
    spaced = re.sub(r"(?<=\d)(?=(ns|us|ms|s|min|m|h|d)\b)", " ", text)
    return re.sub(r"(?<=\d) m\b", " min", spaced)


def share(part: float, whole: float) -> str:
    """Write a share in percent; it is 0 % or 100 % only if it is exactly that.

    >>> share(404, 4000), share(3999, 4000), share(1, 4000), share(0, 4000)
    ('10 %', '>99.9 %', '<0.1 %', '0 %')
    >>> share(6018.7, 6018.7)
    '100 %'
    >>> share(1.005, 1), share(24.718, 1)
    ('100.5 %', '2,472 %')
    """
    percent = 100 * (part / whole) if whole else 0.0
    if 0 < percent < 0.1:
        return "<0.1 %"
    if 99.9 < percent < 100:
        return ">99.9 %"
    digits = 1 if percent < 10 or 99 < percent < 101 else 0
    return f"{percent:,.{digits}f}".removesuffix(".0") + " %"


def money(amount_usd: float) -> str:
    """Write an amount of US dollars.

    >>> money(138.2), money(1.5), money(0.1), money(0.00674), money(0)
    ('$138', '$1.50', '$0.10', '$0.0067', '$0')
    """
    if amount_usd == 0:
        return "$0"
    if amount_usd >= 100:
        return f"${amount_usd:,.0f}"
    decimals = max(2, 1 - floor(log10(amount_usd)))
    return f"${round(amount_usd, decimals):.{2 if amount_usd >= 0.1 else decimals}f}"


def held(text: str) -> str:
    """Return a text in which no line ends between a number and its unit.

    >>> held("5 ms of 12 %, at 9").count(NO_BREAK)
    2
    """
    return re.sub(r"(?<=\d) (?=%|ms\b|s\b|min\b)", NO_BREAK, text)


def signed(number: float, text: str) -> str:
    """Write the sign of a number before its text, unless the text is of a zero.

    >>> signed(-2.4, "2.4 ms"), signed(0.001, "0 ms")
    ('−2.4 ms', '0 ms')
    """
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if number > 0 else '−'}{text}"


def listed(parts: Sequence[str]) -> str:
    """Join parts of a sentence.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([*filter(None, [", ".join(parts[:-1])]), *parts[-1:]])
