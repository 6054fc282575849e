"""The idea of a cause: a fact of an incident that can be taken out of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Final

from simcoalesce.discovery import members
from simcoalesce.explain.causes.evidence import Expiries, expiries_of, perfect_cache
from simcoalesce.explain.closed_form.miss_window import miss_window_of, total_s
from simcoalesce.explain.scenario_edit import (
    DoesNotApply,
    ScenarioEdit,
    Written,
    latency_text,
)
from simcoalesce.model.causes import LASTING, removed
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import NamedByFile

_MOST: Final = 2 / 3
_NOTICED_S: Final = 1.0


@dataclass(frozen=True)
class Incident:
    """What happened: a scenario, and one run of it.

    Attributes:
        scenario: What is explained.
        outcomes: The run.
        seed: Of the run.
    """

    scenario: Scenario
    outcomes: Outcomes
    seed: int

    @cached_property
    def expiries(self) -> Expiries:
        """In which way stored values ended in the run."""
        return expiries_of(self.outcomes, self.scenario.path)

    @cached_property
    def refused_anyway_ratio(self) -> float:
        """Which share of the refused calls a cache that shares all would leave."""
        calls = self.outcomes.origin_rows
        refused = int((calls.status == 429).sum())
        if not refused:
            return 0.0
        left = perfect_cache(self.scenario, self.seed).origin_rows
        return float((left.status == 429).sum() / refused)

    @property
    def usual_fetch_ns(self) -> int:
        """How long a miss takes on its way through all layers, by the settings."""
        path = self.scenario.path
        waits = (
            wait for one in path for wait in (*one.waits_before(), *one.waits_after())
        )
        return round(sum(wait.length_ns for wait in waits))

    def is_slow(self, kind: str) -> bool:
        """Say whether a part of the miss window is unusually long.

        It is most of the window; an origin also takes a second or more, which is when
        people notice (J. Nielsen, "Response Times: The 3 Important Limits", 1993).

        Args:
            kind: The cause that takes the part out.
        """
        window, last = miss_window_of(self.scenario), self.scenario.path[-1]
        if window is None:
            return total_s(last.waits_before()) >= _NOTICED_S and kind in last.causes()
        if kind in last.causes():
            return window.origin_s >= max(_MOST * window.window_s, _NOTICED_S)
        slow = (one for one in self.scenario.path if kind in one.causes())
        parts_s = total_s(wait for one in slow for wait in one.waits_until_visible())
        return parts_s >= _MOST * window.window_s


class Cause(NamedByFile):
    """A fact of an incident; the run without it has the same clients and draws.

    What takes it out of a layer, the layer says itself (`Layer.causes`).
    """

    label: ClassVar[str]
    """A clause that says what is so, e.g. "the key was stored nowhere"."""
    precedence: ClassVar[float]
    """Of causes that each explain the harm, the least is named first: what is unusual
    before what every incident has.

    Source: Halpern and Hitchcock, "Graded Causation and Defaults", British Journal for
    the Philosophy of Science 66 (2015): of all that an outcome depends on, people name
    what departs from the normal.
    """
    said_as: ClassVar[str] = ""
    """The kind by which layers say what takes it out; its own if empty."""

    def rank(self, incident: Incident) -> float:  # noqa: ARG002 - most do not need it
        """Return its precedence in an incident."""
        return self.precedence

    def is_possible(self, incident: Incident) -> bool:  # noqa: ARG002
        """Say whether the run allows for it, if there is something to take out."""
        return True

    def remove(self, edit: ScenarioEdit, scenario: Scenario) -> str:
        """Take it out of a scenario; return in few words what was there, and is now.

        Args:
            edit: The scenario; it may lack other causes already.
            scenario: What it was.

        Raises:
            DoesNotApply: If there is nothing to take out.
        """
        kind = self.said_as or self.kind
        texts = list(_without(kind, edit, scenario.path))
        if not texts:
            raise DoesNotApply(f"no layer has a {kind}")
        return "; ".join(texts)


def _without(kind: str, edit: ScenarioEdit, path: Sequence[Layer]) -> Iterator[str]:
    """Take a cause out of every layer that has it."""
    for layer, entry in zip(path, edit.path, strict=True):
        causes = layer.causes()
        if kind not in causes or not entry:
            continue
        fields = causes[kind]
        if fields is None:
            entry.clear()
            yield f"no {layer.kind}"
            continue
        before = entry[layer.kind]
        entry[layer.kind] = after = removed(before, fields)
        yield from _changed(layer.kind, before, after, fields)


def _changed(
    of: str, before: Written, after: Written, names: Iterable[str]
) -> Iterator[str]:
    """Yield what became of fields, those of parts as well."""
    for name in names:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if isinstance(was, dict) and isinstance(now, dict) and _has_parts(was):
            for part in was:
                yield from _changed(f"{of} {part}", was[part], now[part], was[part])
        else:
            yield f"{of} {name.replace('_', ' ')} {_text(was)} → {_text(now)}"


def _has_parts(written: Written) -> bool:
    return all(isinstance(part, dict) for part in written.values())


def _text(value: Any) -> str:
    if value is None or value in ([], {}):
        return "none"
    if value == LASTING:
        return "without end"
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, dict) and "kind" in value:
        return str(value["kind"]).replace("_", " ")
    return latency_text(value)


def causes() -> dict[str, Cause]:
    """Return every cause by its kind."""
    found = members(Cause, "simcoalesce.explain.causes.kinds")
    return {kind: cause() for kind, cause in found.items()}


def known_causes(path: Sequence[Layer]) -> dict[str, Cause]:
    """Return every cause by its kind, those included that only a layer knows."""
    known = causes()
    said = {one.said_as or kind for kind, one in known.items()}
    own = dict.fromkeys(kind for layer in path for kind in layer.causes())
    for kind in own:
        if kind not in said:
            known[kind] = _of_a_layer(kind)
    return known


def _of_a_layer(kind: str) -> Cause:
    """Return a cause that has no file, but is declared by a layer."""
    fields = {"kind": kind, "label": kind.replace("_", " "), "precedence": 0.0}
    made: type[Cause] = type("LayerCause", (Cause,), {**fields, "__module__": __name__})
    return made()


def without(
    scenario: Scenario, together: Sequence[Cause]
) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario without some causes, and what was taken out for each.

    Raises:
        DoesNotApply: If there is nothing to take out for one of them.
        ValueError: If what is left is no valid scenario.
    """
    if not together:
        return scenario, ()
    edit = ScenarioEdit(scenario)
    # Of two that take out the same the second finds nothing left: both are judged.
    texts = tuple(one.remove(edit, scenario) for one in together)
    edit.path[:] = [entry for entry in edit.path if entry]
    return edit.scenario(), texts
