"""Reading a small YAML 1.2 file: plain values, no aliases, bounded size."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

_LARGEST_BYTES: Final = 64 << 10
_MOST_BRACKETS: Final = 200


def read(path: Path, *, written: str) -> str:
    """Return the text of a file.

    Args:
        path: Where it lies.
        written: How the user named it.

    Raises:
        ValueError: If it is missing, unreadable, too large or not UTF-8.
    """
    if not path.is_file():
        raise ValueError(f'no file "{written}" (looked for {path})')
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot read {written}: {error.strerror}") from None
    if len(content) > _LARGEST_BYTES:
        raise ValueError(f"{written} is larger than {_LARGEST_BYTES >> 10} KiB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError(f"{written} is not UTF-8 text") from None


def parsed(text: str, *, written: str) -> Any:
    """Return what a YAML 1.2 text says, in plain Python values.

    Raises:
        ValueError: If it is no YAML, or could explode: aliases, nested brackets.
    """
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow, seldom needed
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - the same

    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_explosions(yaml.scan(text))
        return yaml.load(text)
    except YAMLError as error:
        raise ValueError(f"{written} is not YAML: {_reason(error)}") from None
    except RecursionError:
        raise ValueError(f"{written} is nested too deeply") from None
    except ValueError as error:
        raise ValueError(f"{written}: {error}") from None


def _refuse_explosions(tokens: Iterable[object]) -> None:
    """Refuse what takes a small text to large values, or to quadratic time."""
    from ruamel.yaml.tokens import (  # noqa: PLC0415 - slow, seldom needed
        AliasToken,
        FlowMappingStartToken,
        FlowSequenceStartToken,
    )

    brackets = 0
    for token in tokens:
        brackets += isinstance(token, (FlowMappingStartToken, FlowSequenceStartToken))
        if brackets > _MOST_BRACKETS:
            raise ValueError(f"more than {_MOST_BRACKETS} brackets: no price list")
        if isinstance(token, AliasToken):
            raise ValueError("aliases (*name) are not allowed")  # noqa: TRY004 - of the text


def _reason(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return (
        f"line {mark.line + 1}, column {mark.column + 1}: {problem}"
        if mark
        else problem
    )
