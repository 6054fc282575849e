"""Quantities: durations, rates, counts, shares, sizes, prices, axes and overrides."""

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any, Final

from simcoalesce.cli.exits import BUG, INVALID, OK
from simcoalesce.cost.unit_price import parse_unit_price
from simcoalesce.experiment.sweeps.shard import Shard
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.override import Override
from simcoalesce.units import (
    parse_count,
    parse_duration,
    parse_rate,
    parse_ratio,
    parse_size,
)
from tests.fuzz.bounds import TookTooLongError, time_and_memory
from tests.fuzz.chance import Chance
from tests.fuzz.command_end import TOO_LONG, CommandEnd
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind

_PARSERS: Final[dict[str, Callable[[str], Any]]] = {
    "duration": parse_duration,
    "rate": parse_rate,
    "count": parse_count,
    "ratio": parse_ratio,
    "size": parse_size,
    "price": parse_unit_price,
    "axis": Axis.parse,
    "override": Override.parse,
    "shard": Shard.parse,
}
_DIGITS: Final = (
    *(
        "0",
        "1",
        "9",
        "80",
        "1.5",
        ".5",
        "1_000",
        "1e9",
        "1e-9",
        "1E+2",
        "99",
        "1__0",
        "_",
    ),
    *("9" * 30, "0" * 300, "1e99", "1e999", "٣", "²", "1.", "-1", "+1", "0x1", "nan"),
)
_UNITS: Final = (
    *(
        "ns",
        "us",
        "µs",
        "ms",
        "s",
        "m",
        "min",
        "h",
        "d",
        "k",
        "M",
        "G",
        "%",
        "B",
        "MiB",
    ),
    *(
        "/s",
        "/5m",
        "/0s",
        "/",
        " ",
        "per 1M",
        "per GB",
        "per ",
        "y",
        "",
        "\u2003",
        "\x00",
    ),
)
_HEADS: Final = {
    "axis": ("kv.ttl=", "a.b[0]=", "=", "a="),
    "override": ("kv.ttl=", "path[1].x=", "path=", "a.b.c[", "traffic.arrivals[-1].x="),
}
_JOINTS: Final = {
    "axis": (",", "..", "/5log", "/3", "/0", "/1e9", "±", "..."),
    "override": (" ", ", ", "[", "]", "{", "}", ": ", '"', "&a ", "*a", "\n"),
    "shard": ("/",),
}


_FITTING: Final = {
    "duration": ("ns", "us", "µs", "ms", "s", "m", "min", "h", "d", " s"),
    "rate": ("/s", "/5m", "k/s", "G/ns", "/0.1ns", "/d"),
    "count": ("", "k", "M", "G"),
    "ratio": ("", "%", " %"),
    "size": ("B", "kB", "MB", "GB", "KiB", "MiB", "GiB"),
    "price": ("", " per 1M", " per GB", "/1k", " per M", " per 1e15", " per 0.1GB"),
    "axis": ("ms", "s", "", "%"),
    "override": ("", "ms"),
    "shard": ("",),
}


def quantity(chance: Chance, kind: str) -> str:
    """Return a quantity, or nearly one."""
    text = chance.one_of(_HEADS.get(kind, ("",)))
    parts = chance.one_of((1, 2, 3, 5)) if kind in ("duration", *_JOINTS) else 1
    for part in range(parts):
        if part and kind in _JOINTS:
            text += chance.one_of(_JOINTS[kind])
        text += chance.one_of(_DIGITS[:10] if chance.happens(0.8) else _DIGITS)
        text += chance.one_of(_FITTING[kind] if chance.happens(0.9) else _UNITS)
    if chance.happens(0.1):
        begin, end = chance.cut(len(text))
        text = text[:begin] + text[begin:end] * chance.one_of((0, 2, 500)) + text[end:]
    return text


def _made(chance: Chance) -> FuzzInput:
    kind = chance.one_of([*_PARSERS])
    return FuzzInput((f"--{kind}", quantity(chance, kind)))


def _end(given: FuzzInput, _: Path) -> CommandEnd:
    option, text = given.arguments
    try:
        with time_and_memory():
            value = _PARSERS[option[2:]](text)
    except ValueError as error:
        return CommandEnd(INVALID, "", f"{option} {error}")
    except TookTooLongError:
        return CommandEnd(TOO_LONG, "", "")
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return CommandEnd(BUG, "", f"This is a bug in simcoalesce : {error!r}")
    is_number = isinstance(value, (int, float))
    assert not is_number or (isfinite(value) and value >= 0)
    return CommandEnd(OK, str(value) if is_number else "", "")


KIND: Final = Kind("quantities", _made, in_ci=5_000, end=_end)
