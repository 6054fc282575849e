"""What is said of an incident: what was observed, and what is claimed."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, get_args

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_serializer,
)

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.expression import Reference
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.cost.price_list import PricedUnit
from simcoalesce.metrics.expectation import METRIC_UNITS
from simcoalesce.metrics.registry import SELECTABLE
from simcoalesce.spec import Spec

INCLUDED: Final = "included."
"""What a month includes of a unit of the price list: included.kv_reads."""

_UNITS: Final = METRIC_UNITS | {f"{INCLUDED}{one}": "1" for one in get_args(PricedUnit)}
_OBSERVED: Final = Vocabulary(
    _UNITS,
    "origin_hits >= 270",
    needs_units=False,
    is_of_runs=False,
    selectable=SELECTABLE,
)
_CLAIMED: Final = Vocabulary(
    _UNITS,
    "origin_hits@faster-kv >= 0.5 * origin_hits",
    others=None,
    needs_units=False,
    selectable=SELECTABLE,
)
_SCHEMA: Final = {
    "type": "string",
    "examples": ["origin_hits@faster-kv >= 0.5 * origin_hits", "errors@per-key == 0"],
}
ClaimedCondition = Annotated[Condition, *_CLAIMED.as_field(_SCHEMA)]
"""A condition on the scenario, its variants and its remedies."""


class Observation(Spec):
    """Something that was reported: a setting as people remember it, or a number."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    """What was reported, in its own words."""
    sets: tuple[str, ...] = ()
    """The changes, as KEY=VALUE, by which the scenario would say so."""
    that: Annotated[Condition, *_OBSERVED.as_field(_SCHEMA)] | None = None
    """What must be true of a run for it to be so: a condition (docs/conditions.md)."""


class Shipped(Spec):
    """A remedy that was shipped, with its usual settings or with others."""

    remedy: str
    """Its name."""
    settings: dict[str, Any] = Field(default_factory=dict)
    """What was set, e.g. {age: 10m}; the rest as usual."""


def _shipped(written: Any) -> Any:
    match written:
        case str():
            return Shipped(remedy=written)
        case {**named} if len(named) == 1 and "remedy" not in named:
            ((name, settings),) = named.items()
            if settings is None or isinstance(settings, Mapping):
                return Shipped(remedy=name, settings=dict(settings or {}))
        case Shipped():
            return written
    raise ValueError(
        "write the name of a remedy, or the name and its settings, e.g."
        " {longer_lock: {age: 10m}}"
    )


def _as_shipped(shipped: Shipped) -> str | dict[str, dict[str, Any]]:
    return {shipped.remedy: shipped.settings} if shipped.settings else shipped.remedy


ShippedRemedy = Annotated[
    Shipped,
    BeforeValidator(_shipped),
    PlainSerializer(_as_shipped),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "additionalProperties": {"type": ["object", "null"]},
                    "minProperties": 1,
                    "maxProperties": 1,
                },
            ],
            "examples": ["object_per_key", {"longer_lock": {"age": "10m"}}],
        }
    ),
]
"""A remedy, written as its name or as ``{name: {its settings}}``."""


class PostMortemClaim(Spec):
    """A sentence of a post-mortem, and how to find out whether it is true."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    """The sentence."""
    holds_if: ClaimedCondition | dict[str, ClaimedCondition]
    """A condition (docs/conditions.md); or several by the circumstances under which
    each is to be true."""
    note: str = ""
    """What a reader should know besides."""

    @field_serializer("holds_if")
    def _as_written(
        self, said: Condition | dict[str, Condition]
    ) -> str | dict[str, str]:
        if isinstance(said, Condition):
            return str(said)
        return {name: str(one) for name, one in said.items()}

    @property
    def circumstances(self) -> dict[str, Condition]:
        """The conditions by circumstance; a single one has no name."""
        said = self.holds_if
        return said if isinstance(said, dict) else {"": said}

    @property
    def references(self) -> tuple[Reference, ...]:
        """What its conditions refer to, each once."""
        every = (one for each in self.circumstances.values() for one in each.references)
        return tuple(dict.fromkeys(every))
