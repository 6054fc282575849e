"""The text of a YAML file: UTF-8, printable, of bounded size."""

import re
from pathlib import Path
from typing import Final

from simcoalesce.regular_file import opened
from simcoalesce.suggestion import did_you_mean
from simcoalesce.unpacked import DAMAGED, unpacked
from simcoalesce.yaml.node import Source, SourcePosition
from simcoalesce.yaml.validation_error import InvalidScenario

LARGEST_BYTES: Final = 1 << 20

_LINE_END: Final = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_NOT_YAML: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def file_text(path: Path, name: str) -> str:
    """Return the text of a YAML file, plain or compressed.

    Args:
        path: Where it lies.
        name: How the user named it.

    Raises:
        InvalidScenario: If it is missing, unreadable, too large or no text.
    """
    try:
        with opened(path) as file:
            content = unpacked(file).read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        others = (entry.name for entry in sorted(path.parent.glob("*.y*ml")))
        message = f"there is no such file{did_you_mean(path.name, others)}"
    except (OSError, ValueError, *DAMAGED) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"it cannot be read: {reason}"
    else:
        return decoded(content, name)
    raise InvalidScenario.of(SourcePosition(Source(name)), message)


def is_file(path: Path) -> bool:
    """Whether a path leads to a file; a path that leads nowhere does not."""
    try:
        return path.is_file()
    except OSError:
        return False


def decoded(content: bytes | str, name: str) -> str:
    """Return the text that some bytes hold, if YAML allows all of it.

    Raises:
        InvalidScenario: If it is too large, not UTF-8, or holds control characters.
    """
    if len(content) > LARGEST_BYTES:
        raise InvalidScenario.of(
            SourcePosition(Source(name)),
            f"it is larger than {LARGEST_BYTES >> 20} MiB; put recorded traffic into a"
            " file of its own: {kind: replay, file: requests.csv}",
        )
    text = content if isinstance(content, str) else _from_utf8(content, name)
    text = text.removeprefix("\ufeff")
    strange = _NOT_YAML.search(text)
    if strange:
        code = f"U+{ord(strange[0]):04X}"
        message = f"the character {code} is not allowed in YAML; is this a text file?"
        raise InvalidScenario.of(_position(text, strange.start(), name), message)
    return text


def source_of(text: str, name: str) -> Source:
    """Return a text as a source, its lines as YAML counts them."""
    return Source(name, tuple(_LINE_END.split(text)))


def _from_utf8(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        message = (
            f"byte 0x{content[error.start]:02X} is not UTF-8; save the file as UTF-8"
            " text"
        )
        at = _position(before, len(before), name)
        raise InvalidScenario.of(at, message) from None


def _position(text: str, at: int, name: str) -> SourcePosition:
    lines = _LINE_END.split(text[:at])
    return SourcePosition(source_of(text, name), len(lines), len(lines[-1]) + 1)
