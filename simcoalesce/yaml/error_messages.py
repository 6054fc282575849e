"""Messages: what is wrong with a value, and what to write instead."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any, Final, TypeAlias

from pydantic_core import ErrorDetails

from simcoalesce.as_written import as_written
from simcoalesce.discovery import kind_of
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.yaml.schema_index import Model, fields_of, keys_of

_QUOTED: Final = re.compile(r"'([^']*)'")

Write: TypeAlias = Callable[[ErrorDetails, tuple[Model, ...]], str]
"""Says what is wrong, from an error and the models that may stand where it is."""


def message_of(error: ErrorDetails, models: tuple[Model, ...]) -> str:
    """Return what is wrong and what to write instead.

    Args:
        error: One error, as pydantic reports it.
        models: The models that may stand where the error is.
    """
    write = _MESSAGES.get(error["type"])
    if write is not None:
        return write(error, models)
    return error["msg"].replace("Input should be", "it should be")


def unknown_key(key: str, known: Iterable[str]) -> str:
    """Return the message for a key that no model takes."""
    names = list(known)
    meant = did_you_mean(key, names)
    return f"unknown key{meant}" if meant else f"unknown key; known are {listed(names)}"


def _missing(error: ErrorDetails, models: tuple[Model, ...]) -> str:
    key = str(error["loc"][-1])
    example = _example(key, models)
    return f"{key} is missing" + (f"; write e.g. {key}: {example}" if example else "")


@cache
def _example(key: str, models: tuple[Model, ...]) -> str | None:
    for model in models:
        if key in fields_of(model):
            properties = model.model_json_schema().get("properties", {})
            schema = properties.get(key, {})
            for form in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())):
                if form.get("examples"):
                    return str(form["examples"][0]).replace("'", "")
    return None


def _no_kind(error: ErrorDetails, models: tuple[Model, ...]) -> str:
    kinds = [kind for model in models if (kind := kind_of(model))]
    value = error["input"]
    if isinstance(value, str) and value in kinds:
        return f"write {{kind: {value}}}, with its parameters"
    if not isinstance(value, dict):
        problem = (
            f"{as_written(value)} is no table with a kind; write {{kind: ...}}, one"
        )
        return f"{problem} of {listed(kinds)}"
    return f"kind is missing; it is one of {listed(kinds)}"


def _unknown_kind(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    context = error.get("ctx", {})
    tag = str(context.get("tag"))
    kinds = _QUOTED.findall(str(context.get("expected_tags")))
    meant = did_you_mean(tag, kinds) or "."
    return f'there is no kind "{tag[:60]}"{meant} There are: {listed(kinds)}'


def _not_one_of(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    expected = str(error.get("ctx", {}).get("expected"))
    words = _QUOTED.findall(expected)
    if not words:
        return f"{as_written(error['input'])} is not allowed; write {expected}"
    meant = did_you_mean(str(error["input"]), words)
    return f"{as_written(error['input'])} is not one of {listed(words)}{meant}"


def _not(what: str) -> Write:
    return lambda error, _: f"{as_written(error['input'])} is not {what}"


def _not_text(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    value = error["input"]
    is_number = isinstance(value, (int, float))
    quoted = f"; write it in quotes: {as_written(value)}" if is_number else ""
    return f"{as_written(value)} is not a text{quoted}"


def _bound(words: str, name: str) -> Write:
    def write(error: ErrorDetails, _: tuple[Model, ...]) -> str:
        limit = error.get("ctx", {}).get(name, 0)
        return f"{as_written(error['input'])} must be {words} {limit:,}".removesuffix(
            ".0"
        )

    return write


def _too_short(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    least = error.get("ctx", {}).get("min_length")
    return _EMPTY if least == 1 else f"it must have at least {least} elements"


def _too_long(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    return f"it must have at most {error.get('ctx', {}).get('max_length')} elements"


def _own_words(error: ErrorDetails, _: tuple[Model, ...]) -> str:
    reason: Any = error.get("ctx", {}).get("error")
    words = str(reason) if reason is not None else error["msg"]
    return "; ".join(words.splitlines())


_EMPTY: Final = "it must not be empty"

_MESSAGES: Final[Mapping[str, Write]] = {
    "extra_forbidden": lambda error, models: unknown_key(
        str(error["loc"][-1]), keys_of(models)
    ),
    "missing": _missing,
    "union_tag_not_found": _no_kind,
    "union_tag_invalid": _unknown_kind,
    "literal_error": _not_one_of,
    "value_error": _own_words,
    "assertion_error": _own_words,
    **dict.fromkeys(
        ("int_type", "int_parsing", "int_from_float"), _not("a whole number")
    ),
    "int_parsing_size": _not("a number that small"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), _not("a number")),
    **dict.fromkeys(("bool_type", "bool_parsing"), _not("true or false")),
    **dict.fromkeys(
        ("model_type", "dict_type", "model_attributes_type"),
        _not("a table; write {key: value, ...}"),
    ),
    **dict.fromkeys(("tuple_type", "list_type"), _not("a list; write [..., ...]")),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        _not("an instant; write e.g. 2026-06-05T21:00:00+09:00"),
    ),
    "timezone_aware": _not("an instant everywhere; add a time zone, e.g. +09:00 or Z"),
    "string_type": _not_text,
    "greater_than": _bound("above", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("below", "lt"),
    "less_than_equal": _bound("at most", "le"),
    "too_short": _too_short,
    "too_long": _too_long,
    "string_too_short": lambda *_: _EMPTY,
}
"""For each type of error of pydantic that a scenario can meet: how to say it."""
