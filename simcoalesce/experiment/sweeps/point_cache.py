"""The cache: numbers by what they follow from, so that no run is made twice."""

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from simcoalesce.checked_cache import CheckedCache
from simcoalesce.conditions.selection import is_selected
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.metrics import METRICS
from simcoalesce.version import __version__

FOLDER: Final = Path(".simcoalesce", "cache")


class PointCache:
    """Measurements, each kept under the digest of all that decides them."""

    def __init__(self, folder: Path | None) -> None:
        """Use a folder; None remembers nothing."""
        self._cache = CheckedCache(folder, without="--no-cache")

    def get(
        self,
        scenario_sha256: str,
        *,
        seed: int,
        replications: int,
        selected: Sequence[str] = (),
    ) -> MetricValues | None:
        """Return what was measured before; None if it was not.

        Args:
            scenario_sha256: Of the scenario.
            seed: Of the first replication.
            replications: How many.
            selected: The metrics of parts of the requests that are wanted too.
        """
        kept = self._kept(_key(scenario_sha256, seed, replications))
        wanted = (*METRICS, *selected)
        if kept is None or not all(name in kept["values"] for name in wanted):
            return None
        below, above = kept["rounding_usd"]
        return MetricValues(
            seed,
            {name: tuple(kept["values"][name]) for name in wanted},
            no_verdict=kept["no_verdict"],
            kept_rounding_usd=(below, above),
        )

    def put(self, scenario_sha256: str, measured: MetricValues) -> None:
        """Remember what was measured, and parts of the requests that were before."""
        key = _key(scenario_sha256, measured.seed, measured.replications)
        earlier = (self._kept(key) or {}).get("values", {})
        parts = {name: one for name, one in earlier.items() if is_selected(name)}
        kept = {
            "values": {**parts, **measured.values},
            "no_verdict": measured.no_verdict,
            "rounding_usd": measured.rounding_usd,
        }
        self._cache.put(key, json.dumps(kept, separators=(",", ":")).encode())

    def _kept(self, key: str) -> dict[str, Any] | None:
        """Return what was kept; its digest says that it is what `put` wrote."""
        content = self._cache.get(key)
        return None if content is None else json.loads(content)


def _key(scenario_sha256: str, seed: int, replications: int) -> str:
    decisive = [scenario_sha256, seed, replications, MODEL_VERSION, __version__]
    return sha256(json.dumps(decisive).encode()).hexdigest()
