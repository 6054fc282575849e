"""Families: every file of a folder is a member, and its name is its kind.

Packages of other people add members by an entry point, whose group is named after the
folder (``simcoalesce.layers``); callers add classes of their own with `extra_members`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

T = TypeVar("T")

_EXTRA: Final[ContextVar[tuple[type, ...]]] = ContextVar("extra", default=())


class PluginError(Exception):
    """A member from outside cannot be used; the message names its package.

    It is no ValueError: a scenario is not to blame for it.
    """


def members(base: type[T], package: str) -> dict[str, type[T]]:
    """Return the members of a family by their kind: its own, then those from outside.

    Args:
        base: The class that each member file subclasses exactly once.
        package: The dotted name of the folder that holds the members.

    Raises:
        TypeError: If a file holds no member, or more than one.
        PluginError: If a member from outside cannot be imported, is none, or has the
            kind of another.
    """
    found: dict[str, type[T]] = _installed(base, package)  # type: ignore[arg-type]
    extra = [one for one in _EXTRA.get() if issubclass(one, base)]
    if extra:
        found = dict(found)
        for member in extra:
            _add(found, member, f"{member.__module__}.{member.__qualname__}")
    return found


@contextmanager
def extra_members(classes: Sequence[Any]) -> Iterator[None]:
    """Let classes be members of the families whose base they have, within the block.

    Raises:
        PluginError: If one of them is no member of a family.
    """
    for one in classes:
        if not isinstance(one, type) or not getattr(one, "family", ""):
            raise PluginError(
                f"{one!r} is not a subclass of Layer, Arrival or the like"
            )
    token = _EXTRA.set((*_EXTRA.get(), *classes))
    try:
        yield
    finally:
        _EXTRA.reset(token)


def files(package: str) -> list[str]:
    """Return the names of a family's files, in order, without reading them."""
    return sorted(
        module.name for module in iter_modules(import_module(package).__path__)
    )


@cache
def _installed(base: Any, package: str) -> dict[str, Any]:
    from importlib.metadata import entry_points  # noqa: PLC0415 - slow

    found: dict[str, Any] = {}
    for name in files(package):
        member = _only_member(base, f"{package}.{name}")
        found[str(kind_of(member))] = member
    group = f"simcoalesce.{package.rpartition('.')[2]}"
    for point in sorted(entry_points(group=group), key=lambda point: point.name):
        owner = f"{point.dist.name} {point.dist.version}" if point.dist else "a package"
        title = f"{owner}, entry point {group}: {point.name} = {point.value}"
        _add(found, _loaded(point, base, title), title)
    return found


def _only_member(base: type[T], module: str) -> type[T]:
    own = [
        thing
        for thing in vars(import_module(module)).values()
        if isinstance(thing, type)
        and issubclass(thing, base)
        and thing.__module__ == module
        and not thing.__name__.startswith("_")
    ]
    if len(own) != 1:
        raise TypeError(f"{module} must hold one {base.__name__}: {own}")
    return own[0]


def _loaded(point: "EntryPoint", base: type[T], title: str) -> type[T]:
    try:
        member = point.load()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise PluginError(f"{title}: it cannot be imported: {reason}") from error
    if not (isinstance(member, type) and issubclass(member, base)):
        needed = f"{base.__module__}.{base.__name__}"
        raise PluginError(f"{title}: it is not a subclass of {needed}")
    return member


def _add(found: dict[str, type[T]], member: type[T], title: str) -> None:
    kind = kind_of(member)
    if kind is None:
        raise PluginError(f'{title}: it has no kind; write kind: Literal["x"] = "x"')
    if found.setdefault(kind, member) is not member:
        other = f"{found[kind].__module__}.{found[kind].__qualname__}"
        raise PluginError(f'{title}: its kind "{kind}" is already that of {other}')


def kind_of(member: type) -> str | None:
    """Return the ``kind`` by which a scenario chooses a member; None without one."""
    field = getattr(member, "model_fields", {}).get("kind")
    kind = field.default if field else getattr(member, "kind", None)
    return kind if isinstance(kind, str) else None
