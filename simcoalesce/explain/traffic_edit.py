"""Traffic edits: arrivals that take longer, and bring the same requests."""

import json
from fractions import Fraction
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np

from simcoalesce.discovery import extra_members
from simcoalesce.explain.does_not_apply import DoesNotApply
from simcoalesce.explain.written_values import Written, scaled
from simcoalesce.metrics.calls import busiest_second
from simcoalesce.request import Requests
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.units import (
    NS_PER_S,
    format_duration,
    parse_duration,
    parse_rate,
)

_LONGEST_MONTH_HOURS: Final = 744


def bursts(document: Written) -> list[Written]:
    """Return the bursts of a scenario's traffic.

    Raises:
        DoesNotApply: If there is none that takes any time.
    """
    phases = document["traffic"]["arrivals"]
    found = [one for one in phases if one["kind"] == "burst"]
    if not any(parse_duration(one["within"]) for one in found):
        raise DoesNotApply("no phase of the traffic is a burst that could be spread")
    return found


def spread_bursts(document: Written, factor: float) -> str:
    """Multiply the length of every burst, and of phases like it; return that in words.

    The same requests come: the run lasts to the end of the last of them, and all other
    phases end when they did.

    Raises:
        DoesNotApply: If other requests would come, or be measured.
    """
    old_ns = parse_duration(document["duration"])
    every = [one for one in document["traffic"]["arrivals"] if _is_sudden(one, old_ns)]
    if not every:
        raise DoesNotApply("no phase of the traffic is a burst that could be spread")
    spread = [one for one in every if _at_ns(one) < old_ns]
    if not spread:
        raise DoesNotApply("no burst begins before the scenario is over")
    texts, ends_ns = [], old_ns
    for phase in spread:
        text, phase_ends_ns = _SPREAD[phase["kind"]](phase, factor, old_ns)
        ends_ns = max(ends_ns, phase_ends_ns)
        at = f" at {phase['at']}" if len(spread) > 1 and _at_ns(phase) else ""
        texts.append(f"{text}{at}")
    _check_measured(document, spread, ends_ns)
    for phase in document["traffic"]["arrivals"]:
        if ends_ns > old_ns and not any(phase is one for one in spread):
            _end(phase, old_ns, ends_ns)
    return " and ".join(texts) + _lengthen(document, old_ns, ends_ns)


def _is_sudden(phase: Written, old_ns: int) -> bool:
    """Say whether a phase is a burst, or rises and ends within the run.

    That is a flash crowd and nothing else, or a rate for a while, as of a crawler.
    """
    if phase["kind"] == "burst":
        return parse_duration(phase["within"]) > 0
    if phase["kind"] == "rate":
        is_random = phase.get("process", "poisson") == "poisson"
        return is_random and _rate_ends_ns(phase, old_ns) < old_ns
    return phase["kind"] == "flash_crowd" and str(phase.get("base", "0/s")) == "0/s"


def _rate_ends_ns(phase: Written, old_ns: int) -> int:
    ends_ns = _ends_ns(phase, old_ns)
    if phase.get("for") is None:
        return ends_ns
    return min(_at_ns(phase) + parse_duration(phase["for"]), ends_ns)


def _at_ns(phase: Written) -> int:
    return parse_duration(phase.get("at", "0ms"))


def _ends_ns(phase: Written, old_ns: int) -> int:
    until = phase.get("until")
    return old_ns if until is None else min(parse_duration(until), old_ns)


def _end(phase: Written, old_ns: int, new_ns: int) -> None:
    """Let a phase bring what it did before the run lasted longer."""
    if _at_ns(phase) < old_ns:
        phase["until"] = format_duration(_ends_ns(phase, old_ns))
    else:
        # It began when the run was over, and still does.
        phase.pop("until", None)
        phase["at"] = format_duration(max(_at_ns(phase), new_ns))


def _spread(burst: Written, factor: float, old_ns: int) -> tuple[str, int]:
    """Spread a phase of bursts; return that in words, and when it ends.

    Of a burst that the end of the run cuts, the same share is cut off afterwards.
    """
    at_ns, ends_ns = _at_ns(burst), _ends_ns(burst, old_ns)
    before, before_ns = burst["within"], parse_duration(burst["within"])
    burst["within"] = scaled(before, factor)
    text = f"burst within {before} → {burst['within']}"
    times = Fraction(parse_duration(burst["within"]), before_ns)
    starts_ns = [at_ns]
    if burst.get("every") is not None:
        every = range(at_ns, ends_ns, parse_duration(burst["every"]))
        starts_ns = list(every[: burst.get("times")])
        burst["times"] = len(starts_ns)
    *others_ns, last_ns = starts_ns
    burst.pop("until", None)
    whole_ns = last_ns + ceil(before_ns * times)
    if last_ns + before_ns <= ends_ns:
        return text, whole_ns
    cut_ns = last_ns + ceil((ends_ns - last_ns) * times)
    for start_ns in others_ns:
        was_cut = start_ns + before_ns > ends_ns
        if was_cut or start_ns + before_ns * times > cut_ns:
            raise DoesNotApply(
                "the run ends within a burst that comes again and again, so that a"
                " spread one would bring other requests; let duration end between two"
            )
    burst["until"] = format_duration(cut_ns)
    return text, cut_ns


def _flatten(phase: Written, factor: float, old_ns: int) -> tuple[str, int]:
    """Spread a flash crowd; return that in words, and when it ends.

    Its rates are divided by as much as its times are multiplied.
    """
    at_ns, before = _at_ns(phase), phase["peak"]
    phase["peak"] = _slower(before, factor)
    times = parse_rate(before) / parse_rate(phase["peak"])
    for name in ("rise", "hold", "decay"):
        phase[name] = format_duration(round(parse_duration(phase[name]) * times))
    lasts_ns = round((_ends_ns(phase, old_ns) - at_ns) * times)
    phase["until"] = format_duration(at_ns + lasts_ns)
    return f"flash crowd of {before} → {phase['peak']}", at_ns + lasts_ns


def _slow_down(phase: Written, factor: float, old_ns: int) -> tuple[str, int]:
    """Let a phase of one rate last longer; return that in words, and when it ends."""
    at_ns, ends_ns = _at_ns(phase), _rate_ends_ns(phase, old_ns)
    before = phase["rate"]
    phase["rate"] = _slower(before, factor)
    times = parse_rate(before) / parse_rate(phase["rate"])
    lasts_ns = round((ends_ns - at_ns) * times)
    phase["for"] = format_duration(lasts_ns)
    phase.pop("until", None)
    return f"phase of {before} → {phase['rate']}", at_ns + lasts_ns


def _slower(rate: str, factor: float) -> str:
    """Return a rate divided by a factor, to three digits.

    >>> _slower("60/s", 2.378), _slower("1k/s", 4)
    ('25.2/s', '250/s')
    """
    return f"{float(f'{parse_rate(rate) / factor:.3g}'):.10g}/s"


_SPREAD: Final = {"burst": _spread, "flash_crowd": _flatten, "rate": _slow_down}


def _check_measured(document: Written, spread: list[Written], ends_ns: int) -> None:
    measured = document.get("measure")
    if not measured:
        return
    from_ns = parse_duration(measured.get("from", "0s"))
    until = measured.get("until")
    is_cut = until is not None and ends_ns > parse_duration(until)
    if is_cut or any(_at_ns(one) < from_ns for one in spread):
        raise DoesNotApply(
            "only a part of the run is measured, and a burst that is spread would bring"
            " other requests into that part"
        )


def _lengthen(document: Written, old_ns: int, ends_ns: int) -> str:
    """Let a run last longer, if need be; return that in words."""
    if ends_ns <= old_ns:
        return ""
    document["duration"] = format_duration(ends_ns)
    hours = (document.get("month") or {}).get("hours")
    if hours is not None:
        # As many runs in a month as before, though each lasts longer.
        longer = hours * ends_ns / old_ns
        if longer <= _LONGEST_MONTH_HOURS:
            document["month"]["hours"] = longer
        else:
            del document["month"]["hours"]
            runs = hours * 3_600 * NS_PER_S / old_ns
            document["month"]["events"] = max(round(runs), 1)
    return f"; the run lasts {format_duration(ends_ns - old_ns)} longer"


def busiest(
    document: Written, folder: Path, extra: tuple[type, ...]
) -> tuple[int, int]:
    """Return how many requests of a run come within a second, at most.

    Where clients wait for answers, it is how many they send if all answers are quick.

    Args:
        document: The scenario.
        folder: Where the files that it names are looked for.
        extra: The caller's own classes that it may use.

    Returns:
        For all keys together, and for the key that is asked for most in a second.
    """
    duration_ns = parse_duration(document["duration"])
    run = (document["seed"], duration_ns)
    return _busiest(json.dumps(document["traffic"]), run, folder, extra)


@lru_cache(maxsize=16)
def _busiest(
    written: str, run: tuple[int, int], folder: Path, extra: tuple[type, ...]
) -> tuple[int, int]:
    with extra_members(extra):
        context = {"folder": folder}
        traffic = Traffic.model_validate_json(written, context=context)
    seed, duration_ns = run
    if traffic.is_closed:
        return (round(traffic.expected_requests(min(duration_ns, NS_PER_S))),) * 2
    made = traffic.generate(seed=seed, duration_ns=duration_ns)
    requests = Requests.joined(list(made.chunks))
    instants, keys = requests.arrived_at_ns, requests.key
    counts, of_a_key = np.bincount(keys), 0
    for key in np.argsort(-counts, kind="stable"):
        if counts[key] <= of_a_key:
            break
        of_a_key = max(of_a_key, busiest_second(instants[keys == key]))
    return busiest_second(instants), of_a_key
