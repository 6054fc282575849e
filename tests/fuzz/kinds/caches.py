"""Caches: the folder of a sweep's points, damaged, and swept again."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from simcoalesce.experiment.sweeps.point_cache import FOLDER
from tests.fuzz.chance import Chance
from tests.fuzz.command_end import CommandEnd, command_end
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.kinds.saved_documents import SMALL
from tests.fuzz.mutation import mutated_text

_SWEEP: Final = ("sweep", "s.yaml", "-P", "kv.write_latency=0ms,20ms", "-j", "1")
_OTHERS: Final = (b"", b"{}", b"[" * 9_999, b"Infinity", b"\x00" * 64, b"null\n")


@cache
def _cached() -> dict[str, bytes]:
    """Return the files of a whole cache."""
    with TemporaryDirectory() as folder:
        kept: dict[str, bytes] = {}
        given = FuzzInput((*_SWEEP, "--json"), {"s.yaml": SMALL})
        command_end(given, Path(folder), hidden=kept)
    return {name: text for name, text in kept.items() if name.startswith(str(FOLDER))}


@cache
def _as_it_is() -> str:
    """Return what the sweep says without a cache."""
    with TemporaryDirectory() as folder:
        given = FuzzInput((*_SWEEP, "--json", "--no-cache"), {"s.yaml": SMALL})
        return command_end(given, Path(folder)).out


def _made(chance: Chance) -> FuzzInput:
    files = {"s.yaml": SMALL}
    contents = [*_cached().values()]
    for name, content in _cached().items():
        if chance.happens(0.3):
            files[name] = mutated_text(content, chance)
        elif chance.happens(0.3):
            files[name] = chance.one_of((*_OTHERS, *contents))
        elif chance.happens(0.5):
            files[name] = content
        elif chance.happens(0.2):
            files[f"{name}/x"] = content
    return FuzzInput((*_SWEEP, "--json"), files)


def _end(given: FuzzInput, folder: Path) -> CommandEnd:
    """Sweep; a damaged cache is as good as none, so that nothing else is said."""
    end = command_end(given, folder)
    is_other = not end.code and end.out != _as_it_is()
    return end._replace(err="Traceback (most recent call last)") if is_other else end


KIND: Final = Kind("caches", _made, in_ci=60, end=_end)
