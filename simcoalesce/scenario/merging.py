"""Deep merge: what a variant, a base or -s changes in a scenario."""

from functools import cache
from itertools import chain

from simcoalesce.distribution import Distribution
from simcoalesce.scenario.part import Month
from simcoalesce.yaml.node import MappingEntry, MappingNode, Node, ScalarNode
from simcoalesce.yaml.schema_index import fields_of


def merged(below: MappingNode, above: MappingNode) -> MappingNode:
    """Return a table with the changes of another.

    Tables are merged key by key; lists and values are replaced. A table that makes
    another choice (another ``kind``, or another form of latency) replaces the old one,
    whose parameters mean nothing to it.
    """
    entries = dict(below.entries)
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


def _value(node: Node | None) -> object:
    return node.value if isinstance(node, ScalarNode) else None


@cache
def _forms() -> tuple[frozenset[str], ...]:
    """Return the keys of what can be written in several forms, not mixed."""
    latencies = (fields_of(form) for form in Distribution.__subclasses__())
    return (frozenset(chain.from_iterable(latencies)), frozenset(fields_of(Month)))
