"""NDJSON: an object in each line."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from typing_extensions import override

from simcoalesce.traffic.log_format import (
    Entry,
    Fields,
    LogFormat,
    isolate_number,
    whole_ns,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_MILLISECONDS: Final = 10**11


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_DECODER: Final = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse)


class Ndjson(LogFormat):
    """Times on a wall clock, under field names of your choice.

    A number below 10^11 counts seconds (until the year 5138), above it milliseconds
    (from 1973 on). A string without an offset is UTC.
    """

    kind: ClassVar[str] = "ndjson"
    precedence: ClassVar[int] = 2
    takes_fields: ClassVar[bool] = True
    expects: ClassVar[str] = "NDJSON, an object in each line"

    def __init__(self, first_line: str, fields: Fields) -> None:
        super().__init__(first_line, fields)
        self.fields = fields
        self.required = {
            written
            for name, written in fields.model_dump().items()
            if name == "time" or written != name
        }

    @classmethod
    @override
    def recognises(cls, lines: Sequence[str]) -> bool:
        return any(line.startswith("{") and line.endswith("}") for line in lines)

    @override
    def entry(self, line: str) -> Entry:
        logged = _object(line)
        return (
            _instant_ns(self._value(logged, self.fields.time)),
            _name(self._value(logged, self.fields.key)),
            _name(self._value(logged, self.fields.location)),
            isolate_number(self._value(logged, self.fields.isolate)),
        )

    def _value(self, logged: dict[str, Any], field: str) -> Any:
        value: Any = logged.get(field)
        if value is None and "." in field:
            value = logged
            for part in field.split("."):
                value = value.get(part) if isinstance(value, dict) else None
        if value is None and field in self.required:
            there = ", ".join(list(logged)[:8])
            raise ValueError(f'no field "{field}" (there are: {there:.80})')
        return value


def _object(line: str) -> dict[str, Any]:
    try:
        logged = _DECODER.decode(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(logged, dict):
        raise ValueError("not an object")  # noqa: TRY004 - the line is wrong, not a type
    return logged


def _name(value: Any) -> str | None:
    if isinstance(value, (dict, list)):
        raise ValueError("a key or location is a text")  # noqa: TRY004 - the same
    return None if value is None or value == "" else str(value)


def _instant_ns(value: Any) -> int:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        is_seconds = -_FIRST_MILLISECONDS < value < _FIRST_MILLISECONDS
        return whole_ns(str(value), 10**9 if is_seconds else 10**6)
    if not isinstance(value, str):
        raise ValueError("the time is neither a number nor a text")  # noqa: TRY004 - the same
    stamp = datetime.fromisoformat(value)
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=UTC)
    return (stamp - _EPOCH) // timedelta(microseconds=1) * 1_000
