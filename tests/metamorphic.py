"""Metamorphic laws: two runs of which one follows from the other, on both engines.

No run says by itself whether its numbers are right. Two may: what a change of the
scenario does to all rows is known, or that it does nothing.
"""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, settings
from pydantic import TypeAdapter

from simcoalesce.compiled import api
from simcoalesce.compiled.coverage import why_not
from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.request import Requests
from tests.builders import tables

QUICK = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
LONG = settings(QUICK, max_examples=5_000, derandomize=False)

KEYS = ("key-0", "key-1")
LOCATIONS = ("at-0", "at-1")
_GB_S_OF_A_NS = 0.128e-9
_PATHS: TypeAdapter[list[Layer]] = TypeAdapter(list[Layer])


def a_documented_path(documents: list[dict[str, Any]]) -> list[Layer]:
    """Return a path, given the documents of its layers."""
    return _PATHS.validate_python(documents)


def runs(
    path: Sequence[Layer],
    requests: Requests,
    *,
    seed: int = 1,
    keys: Sequence[str] = KEYS,
    locations: Sequence[str] = LOCATIONS,
) -> dict[str, Outcomes]:
    """Return what each engine makes of a run that knows all its layers."""
    names: dict[str, Any] = {"seed": seed, "keys": keys, "locations": locations}
    made = {"simpy": edge.simulate(path, [requests], **names)}
    if not why_not(path, keys=len(keys), locations=len(locations)):
        made["compiled"] = api.simulate_compiled(path, [requests], **names)
    return made


def written(outcomes: Outcomes) -> dict[str, Any]:
    """Return all that a run wrote, with names in place of codes, and whole numbers.

    What was counted of something is left out where nothing was.
    """
    found: dict[str, Any] = {**tables(outcomes)}
    layers, rows = found.pop("layers"), found["request_rows"]
    rows[9] = [layers[code] for code in rows[9]]
    usage: dict[str, Any] = found["usage"]
    usage["object_active_ns"] = round(usage.pop("object_gb_s") / _GB_S_OF_A_NS)
    found["usage"] = {unit: count for unit, count in usage.items() if count}
    return found


def documents(path: Sequence[Layer]) -> list[dict[str, Any]]:
    """Return the documents of the layers of a path."""
    return [layer.document() for layer in path]
