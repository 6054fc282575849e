"""Foreign members: layers, arrivals and the like that a scenario has from outside."""

import marshal
import sys
from collections.abc import Iterable
from hashlib import sha256
from inspect import getfile
from pathlib import Path
from typing import Any

from simcoalesce.discovery import PluginError
from simcoalesce.scenario.input_file import parts_of
from simcoalesce.spec import Spec


def foreign_types(whole: Any) -> tuple[type[Spec], ...]:
    """Return the members of families in a spec that are not of this package."""
    types = {type(part): None for part in parts_of(whole, Spec) if part.family}
    return tuple(one for one in types if not one.__module__.startswith("simcoalesce."))


def local_types(classes: Iterable[type]) -> list[type]:
    """Return the classes that no other process can import: of notebooks, functions."""
    main = getattr(sys.modules["__main__"], "__file__", "")
    is_prompt = not Path(main or "").is_file()
    return [
        one
        for one in classes
        if "<locals>" in one.__qualname__
        or (one.__module__ == "__main__" and is_prompt)
    ]


def refuse_local(classes: Iterable[type]) -> None:
    """Refuse classes that no other process can import.

    Raises:
        PluginError: If there is one.
    """
    for one in local_types(classes):
        raise PluginError(
            f"{one.__name__} is written in a notebook or in a function, where other"
            " processes cannot import it: move it into a module, or use one process"
        )


def code_digest(member: type) -> str:
    """Return a digest of the code that makes a class: of its file, if it has one."""
    try:
        code = Path(getfile(member)).read_bytes()
    except (OSError, TypeError):
        functions = (getattr(one, "__code__", None) for one in vars(member).values())
        code = marshal.dumps([*filter(None, functions)])
    return sha256(code).hexdigest()
