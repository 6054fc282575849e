"""The cache: numbers by what they follow from, so that no run is made twice."""

import json
import os
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from simcoalesce.conditions.selection import is_selected
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.result import MODEL_VERSION
from simcoalesce.metrics import METRICS
from simcoalesce.version import __version__

FOLDER: Final = Path(".simcoalesce", "cache")


class PointCache:
    """Measurements in files, each named after the digest of all that decides them.

    A file appears whole or not at all; one that is damaged all the same (a power cut)
    is as good as none. Nothing is locked, so nothing is left locked.
    """

    def __init__(self, folder: Path | None) -> None:
        """Use a folder; None remembers nothing."""
        self._folder = folder

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
        path = self._path(scenario_sha256, seed, replications)
        kept = {} if path is None else _kept(path)
        try:
            values, no_verdict = kept["values"], str(kept["no_verdict"])
            below, above = map(float, kept["rounding_usd"])
            found = {name: tuple(values[name]) for name in (*METRICS, *selected)}
        except (TypeError, ValueError, KeyError):
            return None
        if any(len(column) != replications for column in found.values()):
            return None
        return MetricValues(
            seed, found, no_verdict=no_verdict, kept_rounding_usd=(below, above)
        )

    def put(self, scenario_sha256: str, measured: MetricValues) -> None:
        """Remember what was measured, and parts of the requests that were before.

        Raises:
            OSError: If it cannot be written.
        """
        path = self._path(scenario_sha256, measured.seed, measured.replications)
        if path is None:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not forced to the disk, as other files are: a lost point is only made again.
        unfinished = path.with_suffix(f".{os.getpid()}")
        earlier = _kept(path).get("values", {})
        parts = {name: one for name, one in earlier.items() if is_selected(name)}
        values = {**parts, **measured.values}
        kept = {
            "values": values,
            "no_verdict": measured.no_verdict,
            "rounding_usd": measured.rounding_usd,
        }
        unfinished.write_text(json.dumps(kept, separators=(",", ":")))
        unfinished.replace(path)

    def _path(self, scenario_sha256: str, seed: int, replications: int) -> Path | None:
        if self._folder is None:
            return None
        decisive = [scenario_sha256, seed, replications, MODEL_VERSION, __version__]
        key = sha256(json.dumps(decisive).encode()).hexdigest()
        return self._folder / key[:2] / f"{key}.json"


def _kept(path: Path) -> dict[str, Any]:
    """Return what a file has; nothing if it is not there, or damaged."""
    try:
        kept = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    is_whole = isinstance(kept, dict) and isinstance(kept.get("values"), dict)
    return kept if is_whole else {}
