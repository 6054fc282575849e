"""Deep merge: what a variant, a base or -s changes in a scenario."""

from functools import cache
from itertools import chain
from typing import Final

from simcoalesce.distribution import Distribution
from simcoalesce.scenario.part import Month
from simcoalesce.yaml.node import MappingEntry, MappingNode, Node, ScalarNode
from simcoalesce.yaml.schema_index import fields_of

_HOW_OFTEN: Final = frozenset(("events", "hours"))
"""The two ways to say how often all this happens in a month."""


def merged(below: MappingNode, above: MappingNode) -> MappingNode:
    """Return a table with the changes of another.

    Tables are merged key by key; lists and values are replaced. A table that makes
    another choice (another ``kind``, or another form of latency) replaces the old one,
    whose parameters mean nothing to it.
    """
    entries = dict(_without_alternative(below, above).entries)
    for key, entry in above.entries.items():
        old = entries.get(key)
        entries[key] = entry if old is None else _over(old, entry)
    return MappingNode(entries, below.position)


def _over(old: MappingEntry, new: MappingEntry) -> MappingEntry:
    below, above = old.value, new.value
    if not isinstance(below, MappingNode) or not isinstance(above, MappingNode):
        return new
    if _is_other_choice(below, above):
        return new
    return MappingEntry(old.key, merged(below, above))


def _is_other_choice(below: MappingNode, above: MappingNode) -> bool:
    kind = above.get("kind")
    if kind is not None:
        old = below.get("kind")
        return _value(kind) != _value(old)
    return any(
        forms.issuperset(below.entries)
        and forms.issuperset(above.entries)
        and not below.entries.keys() & above.entries.keys()
        for forms in _forms()
    )


def _without_alternative(below: MappingNode, above: MappingNode) -> MappingNode:
    """Return a month without the other way to say how often, if one is said anew."""
    month = fields_of(Month).keys()
    if not (month >= below.entries.keys() and _HOW_OFTEN & above.entries.keys()):
        return below
    return below.without(_HOW_OFTEN)


def _value(node: Node | None) -> object:
    return node.value if isinstance(node, ScalarNode) else None


@cache
def _forms() -> tuple[frozenset[str], ...]:
    """Return the keys of what can be written in several forms, not mixed."""
    latencies = (fields_of(form) for form in Distribution.__subclasses__())
    return (frozenset(chain.from_iterable(latencies)),)
