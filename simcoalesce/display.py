"""Views: how a notebook shows an object, from whoever knows how to draw it.

An object asks here for its view, and need not know who draws. The top of the package
says which module has the views; it is imported when the first one is asked for.
"""

from collections.abc import Callable
from functools import singledispatch
from typing import Final

_SOURCES: Final[list[Callable[[], object]]] = []


def views_from(source: Callable[[], object]) -> None:
    """Call a source when the first view is asked for; it registers its views."""
    _SOURCES.append(source)


@singledispatch
def html_of(shown: object) -> str:
    """Return an object as HTML, as the view does that is registered for its class.

    Raises:
        TypeError: If no view is.
    """
    if not _SOURCES:
        raise TypeError(f"no view of {type(shown).__name__} is registered")
    _SOURCES.pop()()
    return html_of(shown)
