"""What is said of an incident: what was observed, and what is claimed."""

from typing import Annotated

from pydantic import (
    BeforeValidator,
    Field,
    PlainSerializer,
    WithJsonSchema,
    field_serializer,
    field_validator,
)

from simcoalesce.scenario.condition import Condition
from simcoalesce.spec import Spec

_EXAMPLES = ["origin_hits@faster-kv >= 0.5 * origin_hits", "errors@per-key == 0"]


def _condition(value: object) -> Condition:
    return value if isinstance(value, Condition) else Condition.parse(value)


WrittenCondition = Annotated[
    Condition,
    BeforeValidator(_condition),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": _EXAMPLES}),
]
"""A condition, written as a text."""


class Observation(Spec):
    """Something that was reported: a setting as people remember it, or a number."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    """What was reported, in its own words."""
    sets: tuple[str, ...] = ()
    """The changes, as KEY=VALUE, by which the scenario would say so."""
    that: WrittenCondition | None = None
    """What must be true of a run for it to be so."""

    @field_validator("that")
    @classmethod
    def _speaks_of_the_incident(cls, that: Condition | None) -> Condition | None:
        for reference in that.references if that else ():
            if reference.of is not None:
                raise ValueError(
                    f"{reference}: what was observed is of the incident alone;"
                    f" write {reference.name}"
                )
        return that


class PostMortemClaim(Spec):
    """A sentence of a post-mortem, and how to find out whether it is true."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    """The sentence."""
    holds_if: WrittenCondition | dict[str, WrittenCondition]
    """A condition; or several by the circumstances under which each is to be true."""
    note: str = ""
    """What a reader should know besides."""

    @field_serializer("holds_if")
    def _as_written(
        self, said: Condition | dict[str, Condition]
    ) -> str | dict[str, str]:
        if isinstance(said, Condition):
            return str(said)
        return {case: str(condition) for case, condition in said.items()}
