"""What the layers of a path do, in words: derived from the path, never assumed."""

from collections.abc import Iterator, Sequence
from typing import Final

from simcoalesce.explain.closed_form.miss_window import merged
from simcoalesce.model.layer import Layer, Wait
from simcoalesce.model.scope import Scope
from simcoalesce.report.blocks.number_format import duration
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import written_name
from simcoalesce.units import NS_PER_S

_OTHERS: Final = "Other misses "
_SAME: Final = " wait for the same answer."
_ALL: Final = f"{_OTHERS.strip()}{_SAME}"


def who_waits(scenario: Scenario) -> str:
    """Return what other misses do while the first call is in flight."""
    waiting = [one for one in scenario.path if one.makes_wait and _wait(one)]
    sentences = _joined([*dict.fromkeys(map(_wait, waiting))])
    if not sentences:
        return "Other misses do not wait for it."
    is_divided = all(layer.scope is Scope.ISOLATE for layer in waiting)
    if is_divided and scenario.traffic.isolates_of_a_key > 1:
        sentences.append("Misses in other isolates do not wait for it.")
    return " ".join(sentences)


def _joined(sentences: Sequence[str]) -> list[str]:
    """Return sentences, those about the same answer as one: of all tiers."""
    alike = [one for one in sentences if one.endswith(_SAME) and len(one) > len(_ALL)]
    if len(alike) < 2 or any(not one.startswith(_OTHERS) for one in alike):
        return list(sentences)
    places = [one.removeprefix(_OTHERS).removesuffix(_SAME) for one in alike]
    first, *others = [one.strip() for one in places]
    joined = f"{_OTHERS}{first}{_SAME[:-1]}; so do those {' and '.join(others)}."
    return [
        joined if one == alike[0] else one
        for one in sentences
        if one == alike[0] or one not in alike
    ]


def _wait(layer: Layer) -> str:
    durations_ns = {"patience_ns": layer.patience_ns or 0, **dict(layer)}
    return layer.says_wait.format(
        **{
            written_name(name): duration(value / NS_PER_S)
            for name, value in durations_ns.items()
            if name.endswith("_ns") and value is not None
        }
    )


def what_is_kept(scenario: Scenario, keys: int) -> str:
    """Return what the caches of a path hold before the first request.

    Args:
        scenario: The incident.
        keys: How many keys are asked for.
    """
    if not scenario.path[-1].is_cacheable:
        return "The origin's answers may not be stored."
    if not any(layer.stores for layer in scenario.path):
        return "No layer of the path stores an answer."
    warm = [
        layer
        for at, layer in enumerate(scenario.path)
        if layer.held_at_start and _is_warm(layer, scenario.path[:at])
    ]
    if warm:
        held = (f"{one.noun} holds {one.held_at_start}" for one in warm)
        return f"{capitalized('; '.join(held))}."
    one = "The key is not in the cache."
    return one if keys == 1 else "None of the keys is in the cache."


def _is_warm(layer: Layer, before: Sequence[Layer]) -> bool:
    """Return whether what a layer holds before the run is still there when it begins.

    What stood in the memory of an object is lost.
    """
    is_inside = any(one.scope is Scope.OBJECT for one in before)
    return bool(layer.store) or layer.needs_object or not is_inside


def capitalized(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return f"{text[:1].upper()}{text[1:]}"


def what_becomes_of_it(scenario: Scenario) -> str:
    """Return what is done with an answer that its request still waits for."""
    path = scenario.path
    if any(one.gives_up for one in path) and any(one.asks_again for one in path):
        # A request may have given up this attempt for another one: no row says.
        return ""
    storing = (layer for layer in reversed(path) if layer.stores)
    first = next(storing, None) if path[-1].is_cacheable else None
    if first is None:
        return ""
    return first.says_stored or f"{first.noun} stores it"


def why_found(scenario: Scenario, served_by: str) -> str:
    """Return why a request finds a value, by what served it."""
    serving = [one for one in scenario.path if one.noun_as(served_by)]
    found = [*filter(None, (one.says_found for one in serving))]
    found += [f"{one.noun_as(served_by)} has the value" for one in serving]
    return next(iter(found), "the value is there")


def noun_of(scenario: Scenario, served_by: str) -> str:
    """Return what sentences call what served a request."""
    nouns = filter(None, (one.noun_as(served_by) for one in scenario.path))
    return next(nouns, f"the {served_by.replace('_', ' ') or 'system'}")


def waits_before(path: Sequence[Layer]) -> tuple[Wait, ...]:
    """Return what a miss waits for before it asks the origin, besides look-ups."""
    return merged(
        wait
        for layer in path[:-1]
        for wait in layer.waits_before()
        if wait.is_way or not layer.looks_up
    )


def waits_after(path: Sequence[Layer]) -> tuple[Wait, ...]:
    """Return what a miss waits for after the origin's answer, besides writes."""
    return merged(
        wait
        for layer in reversed(path[:-1])
        for wait in layer.waits_after()
        if wait.is_way or not layer.stores
    )


def outside(scenario: Scenario) -> str:
    """Return what no figure of a scenario contains (docs/model.md)."""
    return "; ".join(dict.fromkeys(_outside(scenario)))


def _outside(scenario: Scenario) -> Iterator[str]:
    yield "bandwidth and connections"
    yield "CPU as a resource"
    for layer in scenario.path:
        yield from layer.not_modelled
