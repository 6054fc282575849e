"""Inputs: a command line, the files beside it, and what it reads from stdin."""

import json
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FuzzInput:
    """What one command is given.

    Attributes:
        arguments: The command line, without the program.
        files: The content of each file in the current folder.
        stdin: What it reads from there.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)
    stdin: bytes = b""

    def document(self) -> dict[str, Any]:
        """Return the input as the corpus keeps it."""
        return {
            "arguments": list(self.arguments),
            "files": {name: _written(content) for name, content in self.files.items()},
            "stdin": _written(self.stdin),
        }

    @staticmethod
    def of(document: Mapping[str, Any]) -> "FuzzInput":
        """Return the input of a document."""
        files = {name: _content(kept) for name, kept in document["files"].items()}
        stdin = _content(document["stdin"])
        return FuzzInput(tuple(document["arguments"]), files, stdin)

    def size(self) -> int:
        """Return how many bytes it has."""
        return len(json.dumps(self.arguments)) + sum(map(len, self.files.values()))


def _written(content: bytes) -> Any:
    """Return a content as its lines, or in base 64 if it is no text."""
    try:
        return content.decode().split("\n")
    except UnicodeDecodeError:
        return {"base64": b64encode(content).decode()}


def _content(kept: Any) -> bytes:
    return (
        "\n".join(kept).encode()
        if isinstance(kept, list)
        else b64decode(kept["base64"])
    )
