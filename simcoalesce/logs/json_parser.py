"""JSON parser: an object in each line, its values by their paths."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Any

import msgspec
from typing_extensions import override

from simcoalesce.logs.line_parser import LineParser, Rows


@dataclass(frozen=True)
class JsonParser(LineParser):
    """An object in each line; ``a.b`` is field b of the object a, or a field ``a.b``.

    Attributes:
        required: Fields without which a line is bad.
    """

    required: frozenset[str] = frozenset({"time"})

    @cached_property
    def _line(self) -> type[msgspec.Struct]:
        names = dict.fromkeys(
            name
            for path in self.fields.values()
            for name in (path, path.partition(".")[0])
        )
        kept = {f"f{number}": name for number, name in enumerate(names)}
        return msgspec.defstruct("Line", [(f, Any, None) for f in kept], rename=kept)

    @cached_property
    def _decoder(self) -> "msgspec.json.Decoder[Any]":
        return msgspec.json.Decoder(self._line, float_hook=str)

    @cached_property
    def _values(self) -> Callable[[Any], tuple[Any, ...]]:
        of_name = {
            one.encode_name: attrgetter(one.name)
            for one in msgspec.structs.fields(self._line)
        }
        read = [_path_reader(path, of_name) for path in self.fields.values()]
        return lambda line: tuple([value(line) for value in read])

    @override
    def has(self, name: str) -> bool:
        return True  # Any object may have it, or not.

    @override
    def row(self, line: str) -> tuple[Any, ...]:
        """Return what the fields of the object hold."""
        try:
            values = self._values(self._decoder.decode(line))
        except msgspec.ValidationError:
            raise ValueError("not a JSON object") from None
        except msgspec.DecodeError as error:
            raise ValueError(f"not JSON: {error}") from None
        except RecursionError:
            raise ValueError("nested too deeply") from None
        if not self._is_complete(values):
            self._say_what_is_missing(line, values)
        if any(isinstance(value, (dict, list)) for value in values):
            raise ValueError("a field is no text and no number, but an object or list")
        return values

    def _is_complete(self, values: tuple[Any, ...]) -> bool:
        return not any(values[index] is None for index in self._required)

    @cached_property
    def _required(self) -> list[int]:
        names = enumerate(self.fields)
        return [index for index, name in names if name in self.required]

    def _say_what_is_missing(self, line: str, values: tuple[Any, ...]) -> None:
        missing = next(
            path
            for (name, path), value in zip(self.fields.items(), values, strict=True)
            if value is None and name in self.required
        )
        there = ", ".join(list(msgspec.json.decode(line))[:8])
        raise ValueError(f'no field "{missing}" (there are: {there:.80})')

    @override
    def _rows(self, lines: Sequence[str]) -> Rows:
        try:
            found = self._decoder.decode_lines("\n".join(lines))
        except (msgspec.DecodeError, RecursionError):
            return super()._rows(lines)
        if len(found) != len(lines):
            return super()._rows(lines)
        rows = list(map(self._values, found))
        wrong = [index for index, row in enumerate(rows) if not self._is_good(row)]
        for index in reversed(wrong):
            del rows[index]
        return rows, wrong

    def _is_good(self, values: tuple[Any, ...]) -> bool:
        for value in values:
            if value.__class__ is dict or value.__class__ is list:
                return False
        return self._is_complete(values)


def _path_reader(
    path: str, of_name: Mapping[str, Callable[[Any], Any]]
) -> Callable[[Any], Any]:
    whole, first, rest = of_name[path], *path.split(".", 1)[:1], path.split(".")[1:]
    if not rest:
        return whole
    outer = of_name[first]

    def value(line: Any) -> Any:
        found = whole(line)
        if found is None:
            found = outer(line)
            for part in rest:
                found = found.get(part) if isinstance(found, dict) else None
        return found

    return value


def json_paths(line: str, depth: int = 3) -> list[str]:
    """Return the paths of the values of an object; none if it is no object."""
    try:
        found = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return []
    return list(_paths(found, depth)) if isinstance(found, dict) else []


def _paths(table: Mapping[str, Any], depth: int) -> list[str]:
    found = []
    for name, value in table.items():
        if isinstance(value, dict) and depth > 1:
            found += [f"{name}.{path}" for path in _paths(value, depth - 1)]
        elif not isinstance(value, list):
            found.append(name)
    return found


def value_at(table: Mapping[str, Any], path: str) -> Any:
    """Return what is at a path of an object; None if there is nothing."""
    if path in table:
        return table[path]
    found: Any = table
    for part in path.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found
