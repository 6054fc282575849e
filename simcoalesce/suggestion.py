"""Did you mean: the known name that is nearest to an unknown one."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

_LONGEST: Final = 60
"""Longer names are no typing errors, and slow to compare."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that was probably meant; None if none comes near.

    If no whole name comes near, the beginnings of longer names are compared.

    >>> nearest("reed", ["read", "write_latency"]), nearest("wirte", ["write_latency"])
    ('read', 'write_latency')
    """
    if len(name) > _LONGEST:
        return None
    words = _words(name)
    names = list(reversed(list(known)))
    whole = {"_".join(_words(one)): one for one in names}
    starts = {"_".join(_words(one)[: len(words)]): one for one in names}
    sought = "_".join(words)
    return _closest(sought, whole) or _closest(sought, starts)


def _words(name: str) -> list[str]:
    return name.lower().replace("-", "_").replace(".", "_").split("_")


def _closest(sought: str, known: Mapping[str, str]) -> str | None:
    close = get_close_matches(sought, known, n=1)
    return known[close[0]] if close else None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return a question to append to a message; empty if nothing comes near.

    >>> did_you_mean("wirte", ["read", "write"])
    ' — did you mean "write"?'
    """
    near = nearest(name, known)
    return f' — did you mean "{near}"?' if near else ""


def listed(names: Iterable[str], most: int = 20) -> str:
    """Return names as a list to read, cut where it grows long."""
    every = list(names)
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
