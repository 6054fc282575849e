"""Tables: those of the shards of a sweep, mutated, and merged."""

import gzip
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.fuzz.chance import Chance
from tests.fuzz.command_end import command_end
from tests.fuzz.extremes import NUMBERS, TEXTS
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.kinds.saved_documents import SMALL
from tests.fuzz.mutation import mutated_text

_NAMES: Final = ("1.csv", "2.csv", "3.csv")
_FEW_ROWS: Final = 12
_ESTIMATES: Final = (4, 5, 6, 7)
"""The columns of numbers."""


@cache
def _tables() -> dict[str, list[list[bytes]]]:
    """Return the rows of each shard's table, as cells."""
    with TemporaryDirectory() as folder:
        found = {name: _swept(name, Path(folder)) for name in _NAMES}
    return {
        name: [line.split(b",") for line in text.splitlines()]
        for name, text in found.items()
    }


def _swept(name: str, folder: Path) -> bytes:
    varied = ("-P", "kv.write_latency=0ms,20ms,40ms", "--shard", f"{name[0]}/3")
    arguments = ("sweep", "s.yaml", *varied, "-j", "1", "--no-cache", "-o", name)
    return command_end(FuzzInput(arguments, {"s.yaml": SMALL}), folder).written[name]


def _made(chance: Chance) -> FuzzInput:
    files = {}
    for name, rows in _tables().items():
        mutations = chance.one_of((0, 0, 0, 0, 1, 2))
        text = b"\r\n".join(b",".join(row) for row in _mutated(rows, chance, mutations))
        if chance.happens(0.1):
            text = mutated_text(text, chance, 1)
        files[name] = text + b"\r\n" if chance.happens(0.95) else gzip.compress(text)
    names = [*_NAMES] if chance.happens(0.8) else chance.some_of(_NAMES, 0.7)
    out = ("-o", "all.csv") if chance.happens(0.3) else ()
    return FuzzInput(("merge", *names, *out), files)


def _mutated(rows: list[list[bytes]], chance: Chance, count: int) -> list[list[bytes]]:
    rows = [[*row] for row in rows]
    for _ in range(count):
        row = chance.below(len(rows))
        cell = chance.below(len(rows[row]) + 1)
        # In texts, such as the values of parameters, "inf" is a word like others.
        numbers = NUMBERS if cell in _ESTIMATES else NUMBERS[:-3]
        other = str(chance.one_of((*numbers, *TEXTS))).encode(errors="replace")
        match chance.below(6):
            case 0:
                rows[row][cell : cell + 1] = [other]
            case 1:
                rows[row][cell : cell + 1] = []
            case 2:
                rows[row] = [*chance.one_of(rows)]
            case 3:
                rows.insert(row, [*rows[row]])
            case 4:
                del rows[row + 1 : row + 1 + chance.below(_FEW_ROWS)]
            case _:
                for one in rows[1:]:
                    one[cell : cell + 1] = [other]
    return rows


KIND: Final = Kind("tables", _made, in_ci=200)
