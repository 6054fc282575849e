"""Mutations: a valid document with something else in it."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any, Final, TypeAlias

from tests.fuzz.chance import Chance
from tests.fuzz.extremes import NUMBERS, QUANTITIES, STRANGERS, TEXTS

Slot: TypeAlias = tuple[Any, Any]
"""A table or a list, and the key or the index of a value in it."""
_PIECES: Final = (
    *(
        '"',
        " ",
        "\n",
        "9" * 25,
        "null",
        "true",
        "[",
        "]",
        "{",
        "}",
        "1e999",
        "-",
        "NaN",
    ),
    *(
        "\\",
        "\x00",
        ",,",
        ",",
        "2026-13-45",
        "::",
        ":",
        "0",
        "=",
        "%",
        "\r",
        "\t",
        "*a",
    ),
    *("&a ", "!!python/object:os.system ", "#", "\u2028", "é", "|", "'", "1", "@", "<"),
)
_QUANTITY: Final = re.compile(r"([\d.]+)(.*)", re.DOTALL)
_TIMES: Final = ("ns", "us", "ms", "s", "m", "h", "d")
_SIZES: Final = (
    *("0", "1", "2", "0.5", "3", "7", "100", "1000", "30000", "1e6", "1e9", "1e12"),
    *("1e15", "1e-9", "36500", "0.999", "1.5"),
)


def slots(document: Any) -> Iterator[Slot]:
    """Yield where the values of a document stand, at every depth."""
    keys: Any = ()
    if isinstance(document, dict):
        keys = document
    elif isinstance(document, list):
        keys = range(len(document))
    for key in keys:
        yield document, key
        yield from slots(document[key])


def mutated(document: Any, chance: Chance, most: int = 3) -> Any:
    """Return a copy of a document with up to so many mutations."""
    document = deepcopy(document)
    for _ in range(chance.below(most + 1)):
        if places := [*slots(document)]:
            chance.one_of(_MUTATIONS)(*chance.one_of(places), chance, document)
    return document


def _strange(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    inside[key] = chance.one_of(STRANGERS)


def _alike(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    """Put an extreme of the same type there: it passes more checks."""
    value = inside[key]
    if isinstance(value, bool):
        inside[key] = not value
    elif isinstance(value, (int, float)):
        inside[key] = chance.one_of(NUMBERS)
    elif isinstance(value, str):
        is_quantity = value[:1].isdigit()
        inside[key] = chance.one_of(QUANTITIES if is_quantity else TEXTS)


def _scaled(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    """Put another size of the same unit there: it passes nearly all checks of types."""
    value = inside[key]
    if isinstance(value, str) and (found := _QUANTITY.fullmatch(value)):
        unit = found[2]
        if unit in _TIMES and chance.happens(0.5):
            unit = chance.one_of(_TIMES)
        inside[key] = f"{chance.one_of(_SIZES)}{unit}"
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        size = float(chance.one_of(_SIZES))
        inside[key] = int(size) if isinstance(value, int) else size


def _gone(inside: Any, key: Any, _chance: Chance, _document: Any) -> None:
    del inside[key]


def _from_elsewhere(inside: Any, key: Any, chance: Chance, document: Any) -> None:
    other, at = chance.one_of([*slots(document)])
    inside[key] = deepcopy(other[at])


def _one_more(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    if isinstance(inside, list):
        inside.insert(key, deepcopy(inside[key]))
    else:
        name = chance.one_of((f"{key}s", "", "kind", "é", "extra", *TEXTS[:4]))
        inside[name] = deepcopy(inside[key])


def _nested(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    for _ in range(chance.one_of((1, 1, 10, 60))):
        inside[key] = [inside[key]] if chance.happens(0.5) else {key: inside[key]}


def _many(inside: Any, key: Any, chance: Chance, _document: Any) -> None:
    count = chance.one_of((2, 20, 300))
    value = inside[key]
    if isinstance(value, list):
        inside[key] = value * count
    elif isinstance(value, str):
        inside[key] = (value * count)[:20_000]


_MUTATIONS: Final[Sequence[Callable[[Any, Any, Chance, Any], None]]] = (
    *(_scaled, _scaled, _scaled, _scaled, _alike, _alike, _strange, _gone),
    _from_elsewhere,
    *(_one_more, _nested, _many),
)


def mutated_text(text: bytes, chance: Chance, most: int = 3) -> bytes:
    """Return a text with up to so many mutations: cut, repeated, with other pieces."""
    for _ in range(chance.below(most + 1)):
        begin, end = chance.cut(len(text))
        piece = chance.one_of(_PIECES).encode()
        within = text[begin:end]
        instead = chance.one_of((piece, b"", within * 2, piece + within, _bit(within)))
        text = text[:begin] + instead + text[end:]
    return text


def _bit(text: bytes) -> bytes:
    return bytes([text[0] ^ 0x80]) + text[1:] if text else b"\xff"


def as_yaml(document: Any, chance: Chance) -> bytes:
    """Return a document as JSON, in which numbers beyond JSON are those of YAML.

    Rarely a value gets an anchor, and stands in other positions by its alias.
    """
    text = json.dumps(document, indent=1, ensure_ascii=chance.happens(0.5))
    for constant, yaml in (
        ("-Infinity", "-.inf"),
        ("Infinity", ".inf"),
        ("NaN", ".nan"),
    ):
        text = text.replace(f": {constant}", f": {yaml}")
    if chance.happens(0.05):
        text = text.replace('"20ms"', '&a "20 ms"', 1).replace('"20ms"', "*a")
    return text.encode(errors="surrogatepass")
