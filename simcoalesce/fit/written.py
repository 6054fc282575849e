"""Fitted numbers as a scenario writes them: no more digits than they are worth."""

from simcoalesce.units import NS_PER_S, format_duration


def roundest(least: float, most: float, otherwise: float) -> float:
    """Return the number with the fewest digits between two, or another if none is.

    >>> roundest(29.98, 30.02, 29.99), roundest(0.1186, 0.1239, 0.12)
    (30.0, 0.12)
    """
    for digits in range(1, 7):
        written = float(f"{otherwise:.{digits}g}")
        if least <= written <= most:
            return written
    return otherwise


def written_seconds(seconds: float) -> str:
    """Return a duration in seconds, rounded to microseconds, with its unit.

    >>> written_seconds(20.0), written_seconds(22.0075), written_seconds(0.1204567)
    ('20s', '22.0075s', '120.457ms')
    """
    if seconds < 1:
        return f"{round(seconds * 1e3, 3):g}ms"
    whole = format_duration(round(seconds * 1e6) * (NS_PER_S // 1_000_000))
    return whole if whole[-2].isdigit() else f"{round(seconds, 6):g}s"


def written_rate(rate_per_s: float) -> str:
    """Return a rate per second with at most five digits.

    >>> written_rate(30.0), written_rate(1234.567)
    ('30/s', '1234.6/s')
    """
    return f"{float(f'{rate_per_s:.5g}'):g}/s"
