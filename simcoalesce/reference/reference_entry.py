"""Reference entry: what is told of one key, metric, layer, command or exit code."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Final, Literal

Subject = Literal["key", "metric", "layer", "command", "exit"]

SUBJECTS: Final[Mapping[Subject, str]] = {
    "key": "what a scenario says, e.g. kv.write_latency",
    "metric": "a number of a run, e.g. origin_hits",
    "layer": "a step of a path, e.g. single_flight",
    "command": "a command with its options, e.g. run",
    "exit": "what an exit code means, e.g. 13",
}
"""What there are entries of, in the order of the pages."""

_CODE: Final = re.compile(r"``([^`]+)``")


@dataclass(frozen=True, slots=True)
class ReferenceEntry:
    """What is told of one thing.

    Attributes:
        subject: What kind of thing it is.
        name: Its name.
        text: What it is: paragraphs of Markdown, the first of them one sentence or two.
        facts: Further facts by their names, e.g. its unit.
        example: YAML in which it stands; empty if none helps.
        picture: A diagram in Mermaid's language; empty if it has none.
        keys: The keys that stand below it in a scenario.
    """

    subject: Subject
    name: str
    text: str
    facts: Mapping[str, str] = field(default_factory=dict)
    example: str = ""
    picture: str = ""
    keys: tuple["ReferenceEntry", ...] = ()

    @property
    def summary(self) -> str:
        """Its first paragraph, as one line."""
        return " ".join(self.text.split("\n\n")[0].split())


def paragraphs(docstring: str | None) -> str:
    r"""Return a docstring as Markdown, empty if there is none.

    >>> paragraphs("One.\n\n    Two ``lines``\n    of text.")
    'One.\n\nTwo `lines` of text.'
    """
    text = _CODE.sub(r"`\1`", cleandoc(docstring or ""))
    parts = (" ".join(part.split()) for part in text.split("\n\n"))
    return "\n\n".join(parts)
