"""Digests of what the model says of each shipped scenario.

To write them again: python -m tests.golden.digests
"""

import json
from collections.abc import Iterable
from dataclasses import astuple
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from numpy.typing import NDArray

from simcoalesce.outcomes import Outcomes
from tests.shipped import SCENARIOS, labels, loaded, outcomes

FILE: Final = Path(__file__).with_name("digests.json")
_LENGTH: Final = 16

Digests = dict[str, str]
"""The digest of a scenario and of each table of one of its runs."""


def digests(label: str) -> Digests:
    """Return the digests of one run of a shipped scenario under its own seed."""
    return {"scenario": loaded(label).sha256[:_LENGTH], **tables(outcomes(label))}


def tables(run: Outcomes) -> Digests:
    """Return the digest of each table of a run."""
    usage = json.dumps(run.usage, sort_keys=True).encode()
    return {
        "requests": _digest(_columns(astuple(run.request_rows))),
        "origin_hits": _digest(_columns(astuple(run.origin_rows))),
        "usage": _digest([usage]),
    }


def recorded() -> dict[str, Digests]:
    """Return the digests of the last release or of the last wanted change."""
    found: dict[str, Digests] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def refresh() -> None:
    """Record what the model says today."""
    today = {label: digests(label) for label in labels(SCENARIOS)}
    FILE.write_text(json.dumps(today, indent=1) + "\n", encoding="utf-8")


def _columns(columns: Iterable[NDArray[Any]]) -> Iterable[bytes]:
    # The same bytes on every machine: little-endian, eight to a number.
    return (column.astype("<i8").tobytes() for column in columns)


def _digest(parts: Iterable[bytes]) -> str:
    total = sha256()
    for part in parts:
        total.update(part)
    return total.hexdigest()[:_LENGTH]


if __name__ == "__main__":
    refresh()
