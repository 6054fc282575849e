"""The chart of a back-test: predicted and recorded calls, second by second."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simcoalesce.fit.back_test import BackTest
from simcoalesce.report.blocks.number_format import count


def back_test_charts(known: BackTest) -> Sequence[Mapping[str, Any]]:
    """Return calls in each second on both sides, and their difference added up."""
    recorded = known.main.recorded.calls_per_s
    seconds = len(recorded)
    x = known.from_s + np.arange(seconds) + 0.5
    calls = known.main.lines[0]
    lines = {
        "recorded": ("file", recorded),
        "predicted": ("answered", known.main.predicted_per_s),
        "predicted - recorded, added up": ("error", known.main.cumulated),
    }
    every = np.concatenate([values for _, values in lines.values()])
    told = f"{count(calls.recorded)} recorded, {count(calls.predicted)} predicted"
    panel = {
        "title": "Origin calls in a second",
        "unit": "",
        "x": x.tolist(),
        "lines": [
            {
                "name": name,
                "ink": ink,
                "label": name,
                "values": np.round(values, 2).tolist(),
            }
            for name, (ink, values) in lines.items()
        ],
        "high": max(float(every.max()), 1.0),
        "floor": min(float(every.min()), 0.0),
        "summary": told,
    }
    ends = {"from": known.from_s, "until": known.from_s + seconds}
    return [{"name": "", "panel": panel, "view": {**ends, "scale": "time"}}]
