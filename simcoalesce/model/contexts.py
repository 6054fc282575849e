"""Contexts: where each layer of a path runs, and the name under which it draws."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from simcoalesce.model.bypass import InsideUnlessBypassed
from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.scope import Scope
from simcoalesce.model.tier import of_tier, tiers_of


def contexts(path: Sequence[Layer], first: LayerContext) -> list[LayerContext]:
    """Return the context of each layer of a path.

    They are found from the outside in, since an object moves what follows into itself.
    """
    found: list[LayerContext] = []
    labels = labelled(path)
    domains = first.domains
    is_client = True
    for layer, label in zip(path, labels, strict=True):
        is_client = is_client and layer.scope is Scope.ANYWHERE
        context = replace(
            first,
            domains=domains,
            inner_domains=domains,
            label=label,
            is_client=is_client,
            index=len(found),
        )
        inner = layer.inside(context)
        is_moved = inner is not domains
        found.append(replace(context, inner_domains=inner) if is_moved else context)
        if is_moved:
            domains = InsideUnlessBypassed(inner, domains)
    return found


def in_tiers(
    path: Sequence[Layer], first: LayerContext
) -> list[tuple[Layer, LayerContext]]:
    """Return all tiers of the layers of a path, each with its context."""
    return [
        (tier, of_tier(context, number))
        for layer, context in zip(path, contexts(path, first), strict=True)
        for number, tier in enumerate(tiers_of(layer))
    ]


def labelled(path: Sequence[Layer]) -> list[str]:
    """Return the name of each layer in a path, under which it draws.

    Those that may stand in front of any path are counted from the origin's side, so
    that one more in front changes no draw behind it; the others from the outside in.
    """
    labels = dict[int, str]()
    seen: Counter[str] = Counter()
    numbered = list(enumerate(path))
    in_front = [one for one in numbered if one[1].scope is Scope.ANYWHERE]
    others = [one for one in numbered if one[1].scope is not Scope.ANYWHERE]
    for index, layer in chain(others, reversed(in_front)):
        seen[layer.kind] += 1
        count = seen[layer.kind]
        labels[index] = layer.kind if count == 1 else f"{layer.kind}#{count}"
    return [labels[index] for index, _ in numbered]
