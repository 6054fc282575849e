"""Initial contents: what a store holds when the run begins."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simcoalesce.distribution import Latency
from simcoalesce.model.answer import Answer
from simcoalesce.model.key_selection import (
    ALL,
    NONE,
    KeySelection,
    selected,
    selection_text,
)
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.outcomes import Lookup, Role
from simcoalesce.sampler import Sampler
from simcoalesce.spec import Spec


class Initial(Spec):
    """What a store holds when the run begins: content of the origin's first version."""

    keys: KeySelection = ALL
    """Which keys: all, none, the first of the traffic's keys (top 100), a share by
    chance (10%), names, or beginnings of names (product/*)."""
    age: Literal["uniform"] | Latency = "uniform"
    """How long ago each was stored: any time within its ttl (uniform), a duration, or
    drawn; a draw for each key and instance. What is older than its ttl has expired."""

    @property
    def keys_text(self) -> str:
        """Which keys, in words; empty if none."""
        return "" if self.keys == NONE else selection_text(self.keys)

    def is_held(self, context: LayerContext) -> NDArray[np.bool_]:
        """Return of each key of the start whether it is held, given the context.

        Raises:
            ValueError: If the traffic has no key of a name.
        """
        keys = context.keys[: context.keys_at_start]
        return selected(self.keys, keys, context.stream("initial.keys"))

    def ages(self, context: LayerContext) -> Sampler | None:
        """Return the draws of the ages; None if any within the ttl will do."""
        return None if self.age == "uniform" else context.sampler(self.age, "initial")

    def answers(
        self, context: LayerContext, instance: int, ttl_ns: int
    ) -> Iterator[tuple[int, Answer]]:
        """Yield what one instance of a store holds: keys, each with its answer.

        Args:
            context: Of the layer whose store it is.
            instance: Its number, e.g. of a location.
            ttl_ns: How long its values are fresh.

        Yields:
            The last of the keys first, since the first of them are asked for most; when
            each answer was made is when it was stored: before t = 0.

        Raises:
            ValueError: If the traffic has no key of a name.
        """
        is_held = self.is_held(context)
        served_by = context.recorder.code_of("origin")
        uniform = context.stream("initial.age")
        drawn = self.ages(context)
        for key in reversed(is_held.nonzero()[0].tolist()):
            if drawn is None:
                age_ns = int(uniform.uniform(key, instance) * ttl_ns)
            else:
                age_ns = drawn.draw(key, instance)
            made = (served_by, -age_ns)
            yield key, Answer(200, Lookup.MISS, Role.LEADER, *made)
