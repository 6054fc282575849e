"""Causes of harm that layers can be, and how each is taken out of a scenario."""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

Removals: TypeAlias = Mapping[str, Mapping[str, Any] | None]
"""Causes by their kind, each with the values, as a scenario writes them, of the fields
that take it out; a function makes such a value from the present one. None: the whole
layer has to go."""

WARM: Final[Mapping[str, Any]] = {"keys": "all", "age": "0ms"}
"""What fills a store with all keys, as fresh as can be."""
LASTING: Final = "2400h"
"""A lifetime that no run sees the end of."""


def removed(written: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return a layer, as a scenario writes it, with the values that take a cause out.

    Args:
        written: All of its fields.
        fields: The values, as `Layer.causes` gives them; None takes a field away.

    >>> removed({"ttl": "60s", "faults": [1, 2]}, {"ttl": "1d", "faults": len})
    {'ttl': '1d', 'faults': 2}
    """
    changed = dict(written)
    for name, value in fields.items():
        changed[name] = value(written[name]) if callable(value) else value
    return {name: value for name, value in changed.items() if value is not None}
