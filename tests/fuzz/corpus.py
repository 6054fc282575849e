"""The corpus: inputs that brought about a fault once, each a file."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Final

from tests.fuzz.fuzz_input import FuzzInput

FOLDER: Final = Path(__file__).parent / "corpus"


def kept(kind: str) -> Iterator[tuple[str, FuzzInput]]:
    """Yield the inputs of a kind, with the names of their files."""
    for path in sorted((FOLDER / kind).glob("*.json")):
        yield path.stem, FuzzInput.of(json.loads(path.read_text(encoding="utf-8")))


def keep(kind: str, given: FuzzInput, fault: str) -> Path:
    """Keep an input, and what it did when it was found."""
    document = {"fault": fault, **given.document()}
    text = json.dumps(document, indent=1) + "\n"
    path = FOLDER / kind / f"{sha256(text.encode()).hexdigest()[:12]}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
