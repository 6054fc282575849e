"""Logs: an example line of each format, repeated, mutated, inspected and replayed."""

import gzip
import json
import re
from typing import Final

from simcoalesce.logs.log_format import log_formats
from tests.fuzz.chance import Chance
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.mutation import mutated, mutated_text

_LOG: Final = "a.log"
_FILE: Final = "s.yaml"
_WORDS: Final = (
    *("", "spread: 1s", "spread: 0ms", "speed: 1000", "speed: 0.001", "key: path"),
    *('key: "{host}"', 'bad_lines: "100%"', 'bad_lines: "0%"', "until: 90s"),
    *('sample: "50%"', "where: {status: 200}", "from: 1s", "query: sorted", "at: 50y"),
    *('timezone: "+09:00"', "time_format: unix_ms", "columns: {t: time}", "keys: all"),
)
_NUMBER: Final = re.compile(rb"\d+")
_NUMBERS: Final = (
    *("0", "-1", "1", "99", "253402300800", "9223372036854775807", "1e308", "1e999"),
    *("4611686018427387904", "18446744073709551616", "0.1", "1e-9", "9" * 40, "-0"),
)


def _made(chance: Chance) -> FuzzInput:
    one = chance.one_of(log_formats())
    lines = one.example.encode().split(b"\n")
    body = lines[-1:] * (1 + chance.below(4))
    text = b"\n".join([*lines[:-1], *(_varied(line, chance) for line in body)])
    if chance.happens(0.3):
        text = mutated_text(text, chance)
    if chance.happens(0.05):
        text = gzip.compress(text, mtime=0)
        text = mutated_text(text, chance, 1)
    kind = one.kind if chance.happens(0.5) else "auto"
    files = {_LOG: text}
    if chance.happens(0.5):
        command = chance.one_of((("inspect", _LOG), ("inspect", _LOG, "--json")))
        return FuzzInput((*command, "--format", kind), files)
    files[_FILE] = _scenario(kind, chance).encode()
    return FuzzInput(("run", _FILE, "--json"), files)


def _varied(line: bytes, chance: Chance) -> bytes:
    """Return a line in which one number or value may be another."""
    if line.startswith(b"{") and chance.happens(0.4):
        document = json.loads(line)
        return json.dumps(mutated(document, chance, 2)).encode(errors="replace")
    numbers = [*_NUMBER.finditer(line)]
    if not numbers or chance.happens(0.3):
        return line
    found = chance.one_of(numbers)
    value = chance.one_of(_NUMBERS) if chance.happens(0.5) else str(chance.below(60))
    return line[: found.start()] + value.encode() + line[found.end() :]


def _scenario(kind: str, chance: Chance) -> str:
    words = [f"file: {_LOG}", f"format: {kind}", *chance.some_of(_WORDS[1:], 0.06)]
    return (
        f"traffic: {{arrivals: [{{kind: replay, {', '.join(words)}}}]}}\n"
        f"duration: {chance.one_of(('1s', '1s', '1m', '100d'))}\n"
        "replications: 1\npath: [kv.read, kv.write, origin]\norigin: {latency: 20ms}\n"
    )


KIND: Final = Kind("logs", _made, in_ci=120)
