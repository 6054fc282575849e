"""The baseline: what a scenario itself says of the parameters that are swept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from simcoalesce.scenario.scenario import Scenario

_STEP: Final = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def baseline(scenario: Scenario, key: str) -> str | None:
    """Return what a scenario says of a parameter; None if it is no single value.

    Args:
        scenario: The scenario, resolved.
        key: The way to the parameter, as ``-s`` takes it; ``kv.write_latency`` is
            looked for in the layers of the path that share the section ``kv``.
    """
    steps = [int(i) if i else name for name, i in _STEP.findall(key)]
    document = scenario.document()
    if steps and steps[0] in document:
        return _text(_followed(document, steps))
    found = {
        _text(_followed(parameters, steps[1:]))
        for parameters in _sharing(scenario, document["path"], str(steps[0]))
    }
    known = found - {None}
    return known.pop() if len(known) == 1 else None


def _sharing(
    scenario: Scenario, path: Sequence[Mapping[str, Any]], section: str
) -> Iterator[Any]:
    for layer, entry in zip(scenario.path, path, strict=True):
        if section in {layer.section, layer.kind}:
            yield entry[layer.kind]


def _followed(value: Any, steps: Sequence[str | int]) -> Any:
    for step in steps:
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and step < len(value) else ()
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (str, int, float)) else None
