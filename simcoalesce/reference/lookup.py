"""Lookup: the entries of a name, or what was probably meant."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from simcoalesce.model.layer import Layer
from simcoalesce.reference.key_entries import key_entries
from simcoalesce.reference.layer_entries import layer_entry
from simcoalesce.reference.metric_entries import metric_entries
from simcoalesce.reference.reference_entry import ReferenceEntry, Subject
from simcoalesce.scenario.layer_section import layer_section_of
from simcoalesce.suggestion import did_you_mean, listed

NamedEntries = Mapping[str, Callable[[], ReferenceEntry]]
"""Entries by their names, made when they are asked for."""


def by_name(entries: Iterator[ReferenceEntry]) -> NamedEntries:
    """Return entries that are there already by their names."""
    return {entry.name: partial(_itself, entry) for entry in entries}


def _itself(entry: ReferenceEntry) -> ReferenceEntry:
    return entry


def key_names() -> NamedEntries:
    """Return every key by its name."""
    return by_name(key_entries())


def metric_names() -> NamedEntries:
    """Return every metric by its name."""
    return by_name(metric_entries())


def layer_names() -> NamedEntries:
    """Return every layer by its name."""
    return {kind: partial(layer_entry, kind) for kind in Layer.members()}


def found_entries(
    names: Mapping[Subject, NamedEntries], sought: str
) -> list[ReferenceEntry]:
    """Return the entries of a name, or of the keys that end in it.

    Args:
        names: Where to look.
        sought: E.g. ``origin_hits``, ``kv.ttl``, ``kv.write.ttl`` or ``ttl``.
    """
    written = _in_its_section(sought)
    exact = [of[written]() for of in names.values() if written in of]
    keys = names.get("key", {}).items()
    return exact or [make() for name, make in keys if name.endswith(f".{written}")]


def _in_its_section(sought: str) -> str:
    """Return a key as its section has it, where a layer of several says it."""
    for kind in Layer.members():
        if sought.startswith(f"{kind}."):
            return layer_section_of(kind) + sought.removeprefix(kind)
    return sought


def no_entry(names: Mapping[Subject, NamedEntries], sought: str) -> str:
    """Return what to say of a name that nothing has."""
    every = [name for of in names.values() for name in of]
    ends = [name.rpartition(".")[2] for name in every]
    meant = did_you_mean(sought, every) or did_you_mean(sought, ends)
    subject = next(iter(names)) if len(names) == 1 else "entry"
    others = "" if meant else f". There are: {listed(every)}"
    return f'there is no {subject} "{sought}"{meant}{others}'
