"""Kinds of input: each a file in `kinds/`, found there."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TypeAlias

from tests.fuzz.chance import Chance
from tests.fuzz.command_end import CommandEnd, command_end
from tests.fuzz.fuzz_input import FuzzInput

End: TypeAlias = Callable[[FuzzInput, Path], CommandEnd]
"""Gives an input to the package in a folder, and says how that ended."""


@dataclass(frozen=True)
class Kind:
    """A kind of input.

    Attributes:
        name: That of its file.
        made: Makes an input, the same for the same chance.
        in_ci: How many inputs each run of the tests tries.
        end: How an input is tried.
    """

    name: str
    made: Callable[[Chance], FuzzInput]
    in_ci: int
    end: End = command_end


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind by its name."""
    names = sorted(path.stem for path in (Path(__file__).parent / "kinds").glob("*.py"))
    modules = [import_module(f"tests.fuzz.kinds.{name}") for name in names]
    return {module.KIND.name: module.KIND for module in modules}
