"""Confinement: what the files of a scenario that is not trusted may be, and show.

They lie below the scenario's folder, and no error says what they hold.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from pathlib import Path
from typing import Any, Final, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

_FOLDER: Final[ContextVar[Path | None]] = ContextVar("folder", default=None)


class HiddenContentError(ValueError):
    """A file that cannot be used, of which nothing is shown."""


@contextmanager
def confined(folder: Path | None) -> Iterator[None]:
    """Let files lie below a folder, and be shown nowhere, within the block.

    Args:
        folder: Of the scenario; with None nothing changes.
    """
    if folder is None:
        yield
        return
    token = _FOLDER.set(folder.resolve())
    try:
        yield
    finally:
        _FOLDER.reset(token)


@contextmanager
def confined_to_folder_of(path: Path) -> Iterator[None]:
    """Let files lie below the folder of another one, if files are confined now."""
    with confined(path.parent if confining_folder() is not None else None):
        yield


def confining_folder() -> Path | None:
    """Return the folder below which files lie now; None if they may lie anywhere."""
    return _FOLDER.get()


def check_named_file(written: object, path: Path) -> None:
    """Refuse a file that a scenario names and that is not below its folder.

    Args:
        written: As the scenario says it.
        path: Where that is; what it links to has to lie there as well.

    Raises:
        ValueError: If a scenario that is not trusted names it.
    """
    folder = _FOLDER.get()
    if folder is None:
        return
    name = Path(str(written))
    is_within = not name.is_absolute() and ".." not in name.parts
    if not is_within or not path.resolve().is_relative_to(folder):
        raise ValueError(
            f'"{written}" is not below the folder of the scenario, which is not'
            " trusted (--untrusted); put the file beside it"
        )


def within_confinement(function: F) -> F:
    """Let a function of a scenario show nothing of its files, if it is not trusted."""

    @wraps(function)
    def within(scenario: Any, *args: Any, **kwargs: Any) -> Any:
        with confined(scenario.confined_to):
            return function(scenario, *args, **kwargs)

    return cast("F", within)


@contextmanager
def content_hidden(name: str) -> Iterator[None]:
    """Say of a file only that it cannot be used, if the scenario is not trusted.

    Args:
        name: Of the file, as the scenario says it.

    Raises:
        HiddenContentError: Instead of a ValueError that may show what it holds.
    """
    try:
        yield
    except HiddenContentError:
        raise
    except ValueError:
        if _FOLDER.get() is None:
            raise
        raise HiddenContentError(
            f"{name} cannot be used; what it holds is not shown, since the scenario is"
            " not trusted (--untrusted)"
        ) from None
