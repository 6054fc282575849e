"""Colour: a text for a terminal, painted by patterns."""

from collections.abc import Mapping
from io import StringIO


def coloured(text: str, styles: Mapping[str, str], *, width: int) -> str:
    """Return a text with the escape codes of a terminal.

    Args:
        text: Lines that are at most `width` columns wide.
        styles: Regular expressions, and the style of what matches each.
        width: Of the terminal.
    """
    from rich.console import Console  # noqa: PLC0415 - only when colours are asked for
    from rich.text import Text  # noqa: PLC0415 - only when colours are asked for

    painted = Text(text)
    for pattern, style in styles.items():
        painted.highlight_regex(pattern, style)
    console = Console(
        file=StringIO(),
        force_terminal=True,
        color_system="standard",
        no_color=False,
        width=width + 1,
    )
    with console.capture() as captured:
        console.print(painted, end="", soft_wrap=True)
    return captured.get()
