"""Whether refused clients ask again."""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, not_told
from simcoalesce.fit.traffic_choice import keys_of
from simcoalesce.logs.log import Log
from simcoalesce.units import NS_PER_S

_REFUSED: Final = (429, 503)
_WITHIN_NS: Final = 2 * NS_PER_S
_FEWEST: Final = 30
_MANY_SIGMAS: Final = 5.0
_LEAST_EXCESS_RATIO: Final = 0.1


class RetriesAfterRefusals(Estimator):
    """Requests for a key soon after a refusal, beyond what its rate brings anyway.

    A log names no clients: that they retry is told by the excess alone, and how is not.
    A replay holds their retries, as requests like all others.
    """

    precedence: ClassVar[int] = 130
    needs: ClassVar[tuple[str, ...]] = ("status",)
    tells: ClassVar[str] = "whether refused clients ask again"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        refused = np.isin(log.status, _REFUSED)
        count = int(refused.sum())
        if count < _FEWEST:
            return not_told(self.kind, f"{count} refusals tell no retries")
        code, _ = keys_of(log, so_far)
        again, expected = _again(log.at_ns, code, refused)
        excess = again - expected
        sigmas = excess / max(expected, 1.0) ** 0.5
        told = f"{again:,} of {count:,} refusals are followed by their key within 2 s"
        chance = f"{expected:,.0f} by chance"
        if sigmas < _MANY_SIGMAS or excess < _LEAST_EXCESS_RATIO * count:
            return not_told(self.kind, f"{told}, {chance}; a log names no clients")
        evidence = f"{told}, {chance}; a replay holds them"
        return FittedValue(self.kind, {}, evidence, count, text="clients seem to retry")


def _again(
    at_ns: NDArray[np.int64], code: NDArray[Any], refused: NDArray[np.bool_]
) -> tuple[int, float]:
    """Return how many refusals their key follows soon, and how many it would anyway.

    Of a key with n requests in a time T another one comes within w by chance with the
    probability 1 - exp(-n w / T).
    """
    order = np.lexsort((at_ns, code))
    gaps = np.diff(at_ns[order])
    is_soon = (np.diff(code[order]) == 0) & (gaps <= _WITHIN_NS)
    again = int((is_soon & refused[order][:-1]).sum())
    span_ns = max(int(at_ns[-1] - at_ns[0]), 1)
    asked = np.bincount(code[code >= 0], minlength=int(code.max(initial=0)) + 1)
    keys = code[refused & (code >= 0)]
    chance = 1 - np.exp(-asked[keys] * (_WITHIN_NS / span_ns))
    return again, float(chance.sum())
