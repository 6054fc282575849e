"""Layer entries: the layers of a path, each with the parameters that it takes."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from simcoalesce.explain.does_not_apply import DoesNotApply
from simcoalesce.explain.written_values import Written, latency_text, length_ns, scaled
from simcoalesce.model.layer import Layer
from simcoalesce.model.layers.origin import Origin
from simcoalesce.scenario.layer_section import parameters


class LayerEntry(NamedTuple):
    """A layer of a path, or one of several origins.

    Attributes:
        noun: What changes call it, e.g. "kv.write", "cdn.global", "origin eu".
        layer: What it is.
        written: Its parameters, to be changed.
    """

    noun: str
    layer: type[Layer]
    written: Written

    @property
    def kind(self) -> str:
        """Its name in a path."""
        return str(self.layer.model_fields["kind"].default)

    def has(self, *names: str) -> bool:
        """Say whether it takes all parameters of some names."""
        return set(names) <= set(parameters(self.layer))

    def change(self, name: str, value: Any) -> str:
        """Set a parameter; return that in words, empty if it was so."""
        before = self.written.get(name)
        if before == value:
            return ""
        self.written[name] = value
        was = "none" if before is None else latency_text(before)
        words = name.replace("_", " ")
        return f"{self.noun} {words} {was} → {latency_text(value)}"

    def lengthen(self, name: str, value: str) -> str:
        """Set a duration, unless it is as long; return that in words, else nothing."""
        is_longer = length_ns(value) > length_ns(self.written.get(name))
        return self.change(name, value) if is_longer else ""

    def shorten(self, name: str, value: str) -> str:
        """Set a duration, unless it is as short; return that in words, else nothing."""
        is_shorter = length_ns(value) < length_ns(self.written.get(name))
        return self.change(name, value) if is_shorter else ""

    def lengthen_error_ttl(self, status: str, value: str) -> str:
        """Keep answers of a status, e.g. 5xx, for longer; return that in words."""
        kept: Written = self.written.get("error_ttl") or {}
        now = kept.get(status, kept.get(f"{status[0]}xx"))
        if length_ns(value) <= length_ns(now):
            return ""
        self.written["error_ttl"] = {**kept, status: value}
        return f"{self.noun} error ttl {status} {now or 'none'} → {value}"

    def scale(self, name: str, factor: float) -> str:
        """Multiply a latency; return that in words, empty if it stays the same."""
        return self.change(name, scaled(self.written[name], factor))


def entries_of(
    path: Sequence[Written], types: Iterable[type[Layer]]
) -> list[LayerEntry]:
    """Return the entries of a path; of several origins, each."""
    found = [
        one
        for entry, layer in zip(path, types, strict=True)
        for one in _of(entry, layer)
    ]
    often = Counter(one.noun for one in found)
    seen: Counter[str] = Counter()
    numbered = []
    # As in tables: those of one kind are numbered from the origin's side.
    for one in reversed(found):
        seen[one.noun] += 1
        number = seen[one.noun]
        is_other = often[one.noun] > 1 and number > 1
        numbered.append(one._replace(noun=f"{one.noun}#{number}") if is_other else one)
    return numbered[::-1]


def _of(entry: Written, layer: type[Layer]) -> Iterator[LayerEntry]:
    ((kind, written),) = entry.items()
    if "of" in written and isinstance(written["of"], dict):
        for name, one in written["of"].items():
            yield LayerEntry(f"origin {name}", Origin, one)
    scope = written.get("scope", "location")
    yield LayerEntry(kind if scope == "location" else f"{kind}.{scope}", layer, written)


def everywhere(
    entries: Iterable[LayerEntry],
    change: Callable[[LayerEntry], str],
    otherwise: str,
) -> str:
    """Change layers; return all that changed, in words.

    Args:
        entries: The layers.
        change: Changes one, and returns that in words, empty if nothing changed.
        otherwise: Why nothing is to be changed in any of them.

    Raises:
        DoesNotApply: If nothing changed.
    """
    texts = [*filter(None, map(change, entries))]
    if not texts:
        raise DoesNotApply(otherwise)
    return " and ".join(texts)
