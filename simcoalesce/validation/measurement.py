"""Measured runs, read again from the document of one."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simcoalesce.confinement import confined_to_folder_of
from simcoalesce.experiment.saved import saved_document
from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
)
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.units import NS_PER_S


@dataclass(frozen=True)
class Measurement:
    """What `validate -o measurement.json` has written.

    Attributes:
        scenario: What was run.
        run: On what, and how, by name.
        agreement: The lines that were compared, as the document has them.
        outcomes: The three tables.
    """

    scenario: Scenario
    run: Mapping[str, Any]
    agreement: Sequence[Mapping[str, Any]]
    outcomes: Outcomes


def measurement(path: str | Path) -> Measurement:
    """Read the document of a measured run.

    Raises:
        ValueError: If it is none, not whole, or has an older schema.
    """
    document = saved_document(path)
    try:
        outcomes = _outcomes(document)
        text = json.dumps(document["scenario"])
        run, agreement = document["run"], document["agreement"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path} is no measured run: {error!r}") from None
    with confined_to_folder_of(Path(path)):
        scenario = Scenario.parse(text, name=str(path), folder=Path(path).parent)
    return Measurement(scenario, run, agreement, outcomes)


def _outcomes(document: Mapping[str, Any]) -> Outcomes:
    requests, calls = (
        pd.DataFrame(document[name]["data"], columns=document[name]["columns"])
        for name in ("requests", "origin_hits")
    )
    keys = tuple(dict.fromkeys([*requests["key"], *calls["key"]]))
    locations, layers = (
        tuple(dict.fromkeys(requests[name])) for name in ("location", "served_by")
    )
    rows = RequestRows(
        request=_numbers(requests["request"]),
        key=_indices(requests["key"], keys),
        location=_indices(requests["location"], locations),
        isolate=_numbers(requests["isolate"]),
        arrived_at_ns=_instants_ns(requests["arrived_at_s"]),
        completed_at_ns=_instants_ns(requests["completed_at_s"]),
        status=_numbers(requests["status"]),
        lookup=_indices(requests["lookup"], [one.name.lower() for one in Lookup]),
        role=_indices(requests["role"], [one.name.lower() for one in Role]),
        served_by=_indices(requests["served_by"], layers),
        age_ns=_instants_ns(requests["age_s"]),
        attempts=_numbers(requests["attempts"]),
    )
    origin_rows = OriginRows(
        request=_numbers(calls["request"]),
        key=_indices(calls["key"], keys),
        called_at_ns=_instants_ns(calls["called_at_s"]),
        completed_at_ns=_instants_ns(calls["completed_at_s"]),
        status=_numbers(calls["status"]),
        version=_numbers(calls["version"]),
    )
    return Outcomes(rows, origin_rows, document["usage"], keys, locations, layers)


def _numbers(column: "pd.Series[Any]") -> NDArray[np.int64]:
    return column.to_numpy(dtype=np.int64)


def _indices(column: "pd.Series[Any]", names: Sequence[str]) -> NDArray[np.int64]:
    """Return a column of names as their indices among these."""
    return _numbers(column.map({name: index for index, name in enumerate(names)}))


def _instants_ns(column: "pd.Series[Any]") -> NDArray[np.int64]:
    """Return a column of seconds in nanoseconds; what is absent is `NEVER`."""
    known_ns = (column.astype(float) * NS_PER_S).round().fillna(0.0)
    return np.where(column.isna(), NEVER, _numbers(known_ns))
