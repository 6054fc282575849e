"""Path rules: which layers, in which order, make a path for the traffic."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from simcoalesce.distribution import Constant
from simcoalesce.model.change import EdgeChange
from simcoalesce.model.layer import Layer
from simcoalesce.model.location_cache import CachingLayer
from simcoalesce.model.scope import Scope
from simcoalesce.model.tier import TieredLayer, in_no_region
from simcoalesce.scenario.input_file import input_files
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.units import NS_PER_S

_AREA: Final = {"location": "location", "region": "region", "global": "world"}


class PathFault(NamedTuple):
    """What is wrong with a path: at which layer (None: all of it), under which key."""

    at: int | None
    message: str
    key: str = ""


def path_faults(layers: Sequence[type[Layer]]) -> Iterator[PathFault]:
    """Yield what is wrong with the order of layers.

    A path ends at its one origin. A layer may come again if it says that this makes
    sense (a retry around a retry), or if requests wait somewhere between: a second
    look into a cache directly after the first would see the same.
    """
    kinds = [layer.model_fields["kind"].default for layer in layers]
    if not kinds:
        yield PathFault(
            None, "the path is empty; write e.g. [kv.read, kv.write, origin]"
        )
        return
    if not any(map(_is_end, layers)):
        yield PathFault(None, "the path has no origin; end it with origin")
    for index, (kind, layer) in enumerate(zip(kinds, layers, strict=True)):
        if any(map(_is_end, layers[:index])):
            yield PathFault(index, _behind_the_end(kind, layer))
        elif any(one.joins_keys for one in layers[:index]) and _asks_for_a_key(layer):
            message = f"one call stands for several keys here; put {kind} before it"
            yield PathFault(index, message)
        elif layer.needs_object and not any(map(_is_object, layers[:index])):
            message = f"{kind} is inside an object; put durable_object before it"
            yield PathFault(index, message)
        elif again := _again(kind, layer, layers[:index]):
            yield PathFault(index, again)


def _asks_for_a_key(layer: type[Layer]) -> bool:
    return layer.looks_up or layer.stores or layer.makes_wait


def _is_end(layer: type[Layer]) -> bool:
    return layer.scope is Scope.ORIGIN


def _is_object(layer: type[Layer]) -> bool:
    return layer.scope is Scope.OBJECT


def _again(kind: str, layer: type[Layer], before: Sequence[type[Layer]]) -> str:
    """Return why a layer may not come again; empty if it does not, or may."""
    if layer not in before:
        return ""
    if layer.makes_wait and layer.store:
        return (
            f"{kind} comes a second time: {layer.store} has one lock of a key, so a"
            " request would wait for itself; remove one"
        )
    if _may_repeat(layer, before):
        return ""
    return (
        f"{kind} comes a second time, with nothing to wait for between, such as"
        " single_flight or lock: it would see the same as the first"
    )


def _behind_the_end(kind: str, layer: type[Layer]) -> str:
    if _is_end(layer):
        return "a path has one origin, at its end; remove this one"
    return f"no request gets behind the origin; put {kind} before it"


def _may_repeat(layer: type[Layer], before: Sequence[type[Layer]]) -> bool:
    last = len(before) - 1 - before[::-1].index(layer)
    return layer.may_repeat or any(other.makes_wait for other in before[last + 1 :])


def location_faults(path: Sequence[Layer], traffic: Traffic) -> Iterator[PathFault]:
    """Yield the locations that layers name and the traffic does not have.

    A log may name locations of its own: with one, nothing is said.
    """
    if any(input_files(traffic)):
        return
    for index, layer in enumerate(path):
        for key, name in layer.locations_named():
            if name not in traffic.locations:
                meant = did_you_mean(name, traffic.locations) or "."
                there = f" The traffic has: {listed(traffic.locations)}"
                message = f'no location is named "{name}"{meant}{there}'
                yield PathFault(index, message, key)
        if isinstance(layer, TieredLayer):
            for name in layer.left_out(tuple(traffic.locations)):
                yield PathFault(index, in_no_region(name), "regions")


def tier_faults(path: Sequence[Layer]) -> Iterator[PathFault]:
    """Yield the tiers that see the same as one in front of them."""
    for index, layer in enumerate(path):
        before = [at for at in range(index) if path[at].kind == layer.kind]
        if not isinstance(layer, TieredLayer) or not before:
            continue
        last = before[-1]
        waits = any(other.makes_wait for other in path[last + 1 : index])
        if not waits and path[last].served_by == layer.served_by:
            message = (
                f"{layer.kind} comes a second time for the same {_AREA[layer.scope_]},"
                " with nothing to wait for between: it would see the same as the first;"
                " write e.g. scope: global, or remove it"
            )
            yield PathFault(index, message)


def change_faults(
    changes: Sequence[EdgeChange], path: Sequence[Layer]
) -> Iterator[tuple[int, str]]:
    """Yield the changes that make no sense for a path, by number, and why."""
    for number, change in enumerate(changes):
        for message in change.faults(path):
            yield number, message


def lifetime_faults(path: Sequence[Layer]) -> Iterator[PathFault]:
    """Yield the lifetimes of answers that a cache of the path cannot reckon with."""
    by_the_second = [
        one for one in path if isinstance(one, CachingLayer) and one.whole_seconds
    ]
    for lifetime in getattr(path[-1], "max_age", ()):
        is_whole = isinstance(lifetime, Constant) and not lifetime.value_ns % NS_PER_S
        if by_the_second and not is_whole:
            kind = by_the_second[0].kind
            message = (
                "a max_age that is not in whole seconds, before a cache that reckons in"
                f" them ({kind}); write e.g. 1s, [2s, 0s], or {kind}: {{whole_seconds:"
                " false}"
            )
            yield PathFault(len(path) - 1, message, "max_age")
            return


def silence_faults(path: Sequence[Layer]) -> Iterator[PathFault]:
    """Yield the layers at which requests may wait for ever."""
    for index, layer in enumerate(path):
        if layer.may_never_answer and not any(
            one.always_gives_up for one in path[:index]
        ):
            message = (
                f"requests may wait for ever at {layer.kind}, which says nothing when a"
                " leader leaves; put a timeout in front of it, e.g."
                " {timeout: {after: 5s, cancels: true}}"
            )
            yield PathFault(index, message)


def path_warnings(layers: Sequence[Layer]) -> Iterator[str]:
    """Yield what is allowed in a path and yet seldom meant."""
    for layer in layers:
        is_half = bool(layer.store) and layer.stores != layer.looks_up
        if not is_half or any(_is_partner(layer, other) for other in layers):
            continue
        known = Layer.members().items()
        partners = (kind for kind, one in known if _is_partner(layer, one))
        partner = next(partners, "a layer that does")
        does = "reads from {} and never writes to it"
        if layer.stores:
            does = "writes to {} and never reads from it"
        yield f"the path {does.format(layer.store)} ({layer.kind} without {partner})"


def _is_partner(layer: Layer, other: Layer | type[Layer]) -> bool:
    """Say whether one writes to the store that the other reads."""
    return layer.store == other.store and layer.stores != other.stores
