"""Base class of log formats: how a file is recognised, and what a line says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from pydantic import Field, PlainValidator
from pydantic_core import PydanticKnownError

from simcoalesce.discovery import members
from simcoalesce.spec import Spec
from simcoalesce.traffic.recording import NOT_LOGGED

Entry = tuple[int, str | None, str | None, int]
"""Instant in nanoseconds, key, location, isolate; None or NOT_LOGGED without one."""

_LATEST_NS: Final = (1 << 63) - 1
_EXACT_BELOW: Final = 1 << 50
_MOST_ISOLATES: Final = (1 << 31) - 1


class Fields(Spec):
    """Names of the fields of an NDJSON log; ``a.b`` is field b of the object a.

    A field under a name of your own must be in each line.
    """

    time: str = Field("time", min_length=1)
    """When: epoch seconds or milliseconds, or an ISO 8601 string."""
    key: str = Field("key", min_length=1)
    """For what, e.g. a URL."""
    location: str = Field("location", min_length=1)
    """Where the request came in."""
    isolate: str = Field("isolate", min_length=1)
    """The number of the isolate within its location."""


class LogFormat:
    """Reads the lines of one log; made from its first line."""

    family: ClassVar[str] = "simcoalesce.traffic.log_formats"
    kind: ClassVar[str]
    precedence: ClassVar[int] = 100
    """Of the formats that recognise a file, the one with the lowest is taken."""
    expects: ClassVar[str]
    """What a line looks like, for people."""
    wall_clock: ClassVar[bool] = True
    """Whether instants are on a wall clock; else they count from the run's start."""
    has_header: ClassVar[bool] = False
    """Whether the first line is no entry."""
    takes_fields: ClassVar[bool] = False
    """Whether `fields:` may name its fields."""
    stamp_ns: ClassVar[int] = 1
    """How coarse its instants are."""

    def __init__(self, first_line: str, fields: Fields) -> None:
        """Prepare for a log that starts with this line.

        Raises:
            ValueError: If no log of this format starts with it.
        """

    @classmethod
    def recognises(cls, lines: Sequence[str]) -> bool:
        """Return whether a file that starts with these lines has this format."""
        raise NotImplementedError

    def entry(self, line: str) -> Entry:
        """Return what a line says.

        Raises:
            ValueError: If it does not parse.
        """
        raise NotImplementedError


def log_formats() -> tuple[type[LogFormat], ...]:
    """Return all formats, in the order in which they are tried."""
    found = members(LogFormat, LogFormat.family).values()
    return tuple(sorted(found, key=lambda one: one.precedence))


def _known(kind: Any) -> str:
    kinds = _KindSchema.kinds()
    if kind not in kinds:
        listed = ", ".join(f"'{one}'" for one in kinds)
        raise PydanticKnownError("literal_error", {"expected": listed})
    return str(kind)


class _KindSchema:
    @staticmethod
    def kinds() -> list[str]:
        return ["auto", *(one.kind for one in log_formats())]

    @classmethod
    def __get_pydantic_json_schema__(cls, *_: object) -> dict[str, Any]:
        return {"enum": cls.kinds(), "type": "string"}


LogFormatKind = Annotated[str, PlainValidator(_known), _KindSchema]
"""The kind of a log format, or ``auto``."""


def whole_ns(number: str, ns_per_unit: int) -> int:
    """Return a written number of units in nanoseconds, exact to the last digit.

    Raises:
        ValueError: If it is no number, or none that a clock of 64 bits can show.
    """
    try:
        quick = float(number) * ns_per_unit
        if -_EXACT_BELOW < quick < _EXACT_BELOW:
            return round(quick)
        exact = int((Decimal(number) * ns_per_unit).to_integral_value())
    except (ValueError, ArithmeticError) as error:
        raise ValueError(f'"{number:.40}" is not a time') from error
    if abs(exact) > _LATEST_NS:
        raise ValueError(f"{number:.40} is out of range")
    return exact


def isolate_number(written: object) -> int:
    """Return the number of an isolate, or NOT_LOGGED for nothing.

    Raises:
        ValueError: If it is not a whole number from 0 on.
    """
    if written is None or written == "":
        return NOT_LOGGED
    try:
        number = int(str(written))
    except ValueError as error:
        raise ValueError(f'isolate "{written!s:.40}" is not a number') from error
    if not 0 <= number <= _MOST_ISOLATES:
        raise ValueError(f"isolate {written!s:.40} is out of range")
    return number
