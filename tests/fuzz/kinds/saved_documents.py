"""Saved documents: those of `run` and `explain`, mutated, read again."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.fuzz.chance import Chance
from tests.fuzz.command_end import command_end
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.mutation import mutated, mutated_text

_SAVED: Final = "r.json"
_FILE: Final = "s.yaml"
SMALL: Final = b"""\
name: s
duration: 200ms
replications: 2
traffic: {arrivals: [{kind: burst, requests: 9, within: 9ms}]}
path: [kv.read, kv.write, origin]
origin: {latency: 20ms}
expect: [requests == 9]
"""
"""A small scenario."""
_COMMANDS: Final = (
    ("compare", _SAVED, _FILE),
    ("compare", _FILE, _SAVED, "--json"),
    ("compare", _SAVED, _SAVED, "--fail-if", "errors higher by 1"),
    ("report", _SAVED, "-o", "page.html"),
)
_KEPT: Final = ("schema_version", "tool", "run", "scenario")


@cache
def _document() -> Any:
    """Return what `run` says of the small scenario."""
    with TemporaryDirectory() as folder:
        ran = command_end(
            FuzzInput(("run", _FILE, "--json"), {_FILE: SMALL}), Path(folder)
        )
    return json.loads(ran.out)


def _made(chance: Chance) -> FuzzInput:
    document = dict(_document())
    # What a command asks first is left whole in most: what it asks later is met too.
    for part in chance.some_of([one for one in document if one not in _KEPT], 0.5):
        document[part] = mutated(document[part], chance)
    if chance.happens(0.4):
        document = mutated(document, chance, 1)
    text = json.dumps(document, indent=1).encode(errors="replace")
    if chance.happens(0.1):
        text = mutated_text(text, chance)
    command = chance.one_of(_COMMANDS[:-1] if chance.happens(0.95) else _COMMANDS[-1:])
    return FuzzInput(command, {_SAVED: text, _FILE: SMALL})


KIND: Final = Kind("saved_documents", _made, in_ci=50)
