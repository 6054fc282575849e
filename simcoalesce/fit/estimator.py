"""The idea of an estimator: it finds one part of a scenario in a log."""

from collections.abc import Sequence
from typing import ClassVar

from simcoalesce.discovery import members
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, not_told
from simcoalesce.logs.log import Log
from simcoalesce.spec import NamedByFile


class Estimator(NamedByFile):
    """Finds one part of a scenario in a log; it says how well the log tells it.

    An estimator reads the log and what estimators of a lower precedence found
    (`so_far`), and returns one value or several. It guesses nothing: what the log
    cannot tell is `not_told`, or `assumed` where the scenario needs some value.

    Instants in a scenario count from ``log.at_ns[0]``, the start of the first request.
    Chance is drawn from ``Stream(1, "fit.<kind>")``: the same log gives the same file.
    Precedences: 0 to 99 what the log is (clock, key rule), 100 to 199 traffic, 200 to
    299 cache, 300 to 399 origin, 400 on what needs all of these.
    """

    family: ClassVar[str] = "simcoalesce.fit.estimators"

    precedence: ClassVar[int]
    """Estimators are asked in ascending order."""
    needs: ClassVar[tuple[str, ...]] = ()
    """The standard fields of the log without which it is not asked, e.g. ``cache``."""
    tells: ClassVar[str]
    """What it finds, for the sentence about a log without these fields: "ttl"."""

    def estimate(
        self, log: Log, so_far: FittedValues
    ) -> FittedValue | Sequence[FittedValue] | None:
        """Return what the log tells; None if the part has no meaning here.

        Args:
            log: The part of the log that is fitted, in the order of starts.
            so_far: What estimators of lower precedence found in the same part.
        """
        raise NotImplementedError


def estimators() -> tuple[Estimator, ...]:
    """Return the estimators in the order in which they are asked."""
    found = members(Estimator, Estimator.family)
    every = [found[kind]() for kind in sorted(found)]
    return tuple(sorted(every, key=lambda one: one.precedence))


def fitted_values(log: Log, so_far: FittedValues | None = None) -> FittedValues:
    """Return what all estimators find in a log, together.

    Args:
        log: The part of the log that is fitted.
        so_far: What is known already, such as a key rule that the user gave; an
            estimator of that name is not asked.
    """
    found = so_far or FittedValues()
    given = {one.name for one in found}
    for estimator in estimators():
        if estimator.kind in given:
            continue
        missing = [name for name in estimator.needs if name not in log.fields]
        if missing:
            why = f"the log has no {' and no '.join(missing)}"
            found = found.plus(not_told(estimator.kind, f"{why}: {estimator.tells}"))
            continue
        told = estimator.estimate(log, found)
        if told is not None:
            found = found.plus(*([told] if isinstance(told, FittedValue) else told))
    return found
