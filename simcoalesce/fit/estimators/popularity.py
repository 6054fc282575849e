"""Which keys are asked for how often."""

from typing import Any, ClassVar, Final

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from simcoalesce.fit.arrivals.zipf_fit import ZipfFit, zipf_fit
from simcoalesce.fit.estimator import Estimator
from simcoalesce.fit.fitted_value import FittedValue, FittedValues, Rival, not_told
from simcoalesce.fit.traffic_choice import keys_of, variant_prefix
from simcoalesce.logs.log import Log

_MOST_WEIGHTS: Final = 200
_MOST_DISCREPANCY: Final = 3.0


class KeyPopularity(Estimator):
    """Zipf's law, if keys follow it; else the keys as often as they were asked for.

    Its result is what a scenario writes as `keys:`; in place of a replay's own keys.
    """

    precedence: ClassVar[int] = 110
    tells: ClassVar[str] = "which keys are asked for"

    @override
    def estimate(self, log: Log, so_far: FittedValues) -> FittedValue | None:
        code, names = keys_of(log, so_far)
        asked = np.bincount(code[code >= 0], minlength=len(names))
        asked_some = asked[asked > 0]
        if len(asked_some) < 2:
            return not_told(self.kind, "the log names no two keys")
        fit = zipf_fit(asked_some)
        prefix = variant_prefix(so_far)
        path = "" if prefix else "traffic.keys"
        is_zipf = fit is not None and fit.discrepancy <= _MOST_DISCREPANCY
        if fit is not None and (is_zipf or len(asked_some) > _MOST_WEIGHTS):
            return _zipf(self.kind, fit, asked_some, path)
        keys = _weights(asked, names)
        return FittedValue(
            self.kind,
            {path: keys} if path else {},
            f"requests of each of {len(asked_some):,} keys",
            int(asked.sum()),
            rival=None if fit is None else _rival(fit),
            text=f"weights of {len(asked_some):,} keys",
            result=keys,
        )


def _zipf(kind: str, fit: ZipfFit, asked: NDArray[np.int64], path: str) -> FittedValue:
    keys = {"kind": "zipf", "s": round(fit.s, 3), "n": fit.n}
    (s_low, s_high), (n_low, n_high) = fit.s_interval, fit.n_interval
    rows = {
        f"{path}.s": [round(float(one), 4) for one in fit.rows[:, 0]],
        f"{path}.n": [int(one) for one in fit.rows[:, 1]],
    }
    is_told = fit.discrepancy <= _MOST_DISCREPANCY
    doubt = (
        "" if is_told else f"; keys do not follow it, chi squared {fit.discrepancy:.1f}"
    )
    return FittedValue(
        kind,
        {path: keys} if path else {},
        f"how many of {len(asked):,} keys were asked for once, twice ...{doubt}",
        int(asked.sum()),
        (f"s {s_low:.3f}", f"{s_high:.3f}, n {n_low:,} to {n_high:,}"),
        uncertain=(rows,) if path else (),
        text=f"Zipf, s {fit.s:.3f}, n {fit.n:,}",
        result=keys,
    )


def _rival(fit: ZipfFit) -> Rival:
    return Rival(f"Zipf with s {fit.s:.2f}: chi squared {fit.discrepancy:.1f}")


def _weights(asked: NDArray[np.int64], names: tuple[str, ...]) -> dict[str, Any]:
    order = np.argsort(-asked, kind="stable")
    weights = {names[n]: int(asked[n]) for n in order.tolist() if asked[n]}
    return {"kind": "weighted", "weights": weights}
