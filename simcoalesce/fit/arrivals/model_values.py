"""A fitted law as values of a scenario: each parameter with its interval."""

from collections.abc import Iterator
from math import sqrt
from typing import Any, Final

import numpy as np

from simcoalesce.fit.arrivals.metropolis import Posterior
from simcoalesce.fit.arrivals.model_choice import ArrivalFit, interval, thinned
from simcoalesce.fit.arrivals.model_kinds import BurstModel
from simcoalesce.fit.arrivals.observed_arrivals import Floats, ObservedArrivals
from simcoalesce.fit.fitted_value import FittedValue, Rival
from simcoalesce.randomness import Stream

_ROWS: Final = 25
_TIMES: Final = frozenset(("at", "for", "within", "rise", "hold", "decay"))
_WORDS: Final = {
    "rate": "rate",
    "at": "start",
    "for": "length",
    "within": "length",
    "requests": "size",
    "from": "first rate",
    "to": "last rate",
    "peak": "rate above the base",
}

Phases = list[dict[str, Any]]


def model_values(
    fit: ArrivalFit, observed: ObservedArrivals, prefix: str
) -> Iterator[FittedValue]:
    """Yield the parameters of a law as values of the phases of a scenario.

    Args:
        fit: The model.
        observed: What it was fitted to.
        prefix: Before ``traffic.arrivals``, e.g. that of a variant; empty for none.
    """
    posterior = fit.posterior
    rows = [
        _phases(posterior, row, n, observed) for n, row in enumerate(posterior.rows)
    ]
    middle = _middle(rows)
    joint = _joint(fit, observed) if not prefix else {}
    for number, phase in enumerate(middle):
        path = f"{prefix}traffic.arrivals[{number}]"
        title = _title(middle, number)
        kind, (first, *rest) = phase["kind"], [k for k in phase if k != "kind"]
        for field in (first, *rest):
            sets = {f"{path}.{field}": written(field, phase[field])}
            if field == first:
                sets = {f"{path}.kind": kind, **sets}
            if fit.is_even and kind == "rate":
                sets[f"{path}.process"] = "even"
            if isinstance(phase[field], str):
                yield FittedValue(
                    f"{title} {field}", sets, "likelihood", fit_events(observed, phase)
                )
                continue
            values = np.array([row[number][field] for row in rows])
            ends = interval(posterior, values)
            yield FittedValue(
                f"{title} {_WORDS.get(field, field)}",
                sets,
                _evidence(fit, number, field, first),
                fit_events(observed, phase),
                (str(written(field, ends[0])), str(written(field, ends[1]))),
                rival=_rival(fit) if (number, field) == (0, first) else None,
                uncertain=(joint,) if joint and (number, field) == (0, first) else (),
            )


def written(field: str, value: Any) -> Any:
    """Return the value of a field as a scenario writes it.

    >>> written("rate", 150.123), written("within", 0.9961), written("requests", 1472.4)
    ('150.1/s', '0.996s', 1472)
    """
    if isinstance(value, str):
        return value
    if field == "requests":
        return max(round(value), 1)
    if field in _TIMES:
        return f"{round(max(value, 0.0), 3 if value >= 0.01 else 6):g}s"
    return f"{float(f'{value:.4g}'):g}/s" if value < 1e5 else f"{value:.0f}/s"


def fit_events(observed: ObservedArrivals, phase: dict[str, Any]) -> int:
    """Return how many arrivals a phase rests on."""
    if phase["kind"] == "burst":
        return round(observed.around(phase["at"], phase["at"] + phase["within"])[0])
    return observed.events


def _phases(
    posterior: Posterior, row: Floats, number: int, observed: ObservedArrivals
) -> Phases:
    """Return the phases of a row; a burst has as many requests as came, not a mean.

    What is unknown of its size is how many of those within it are of the base rate.
    """
    phases = posterior.model.phases(row)
    if isinstance(posterior.model, BurstModel):
        for which, phase in enumerate(phases[1:]):
            came, lasts_s = observed.around(phase["at"], phase["at"] + phase["within"])
            of_base = row[0] * lasts_s
            chance = _normal(which, number) * sqrt(of_base)
            phase["requests"] = max(came - of_base - chance, 1.0)
    return phases


def _normal(which: int, number: int) -> float:
    stream = Stream(1, f"fit.burst.{which}")
    radius = sqrt(-2 * np.log(max(stream.uniform(number, 0), 1e-300)))
    return float(radius * np.cos(2 * np.pi * stream.uniform(number, 1)))


def _middle(rows: list[Phases]) -> Phases:
    """Return phases with the median of each field."""
    return [
        {
            field: value
            if isinstance(value, str)
            else float(np.median([row[number][field] for row in rows]))
            for field, value in phase.items()
        }
        for number, phase in enumerate(rows[0])
    ]


def _joint(fit: ArrivalFit, observed: ObservedArrivals) -> dict[str, Any]:
    """Return some rows of the posterior: what is drawn together."""
    few = thinned(fit.posterior, _ROWS)
    rows = [_phases(few, row, n, observed) for n, row in enumerate(few.rows)]
    return {
        f"traffic.arrivals[{number}].{field}": [
            written(field, row[number][field]) for row in rows
        ]
        for number, phase in enumerate(rows[0])
        for field, value in phase.items()
        if not isinstance(value, str)
    }


def _title(phases: Phases, number: int) -> str:
    kind = str(phases[number]["kind"])
    name = {"rate": "base", "flash_crowd": "flash crowd"}.get(kind, kind)
    same = [n for n, phase in enumerate(phases) if phase["kind"] == kind]
    return name if len(same) == 1 else f"{name} {same.index(number) + 1}"


def _evidence(fit: ArrivalFit, number: int, field: str, first: str) -> str:
    if (number, field) != (0, first):
        return "likelihood"
    scale = f"{fit.dispersion_at_s:.3g} s"
    return f"{fit.posterior.model.name}; dispersion {fit.dispersion:.2f} in {scale}"


def _rival(fit: ArrivalFit) -> Rival | None:
    if fit.rival is None:
        return None
    return Rival(f"{fit.rival.model.name}: criterion larger by {fit.lead:,.0f}")
