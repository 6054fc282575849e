"""Command lines: options of every command, with values that fit, and others."""

from collections.abc import Iterator
from functools import cache
from typing import Final

import click

from simcoalesce.cli import group
from tests.fuzz.chance import Chance
from tests.fuzz.extremes import QUANTITIES, TEXTS
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.kinds.conditions import condition_text
from tests.fuzz.kinds.saved_documents import SMALL

_FILES: Final = {
    "s.yaml": SMALL + b"variants: {per-key: {kv: {ttl: 1m}}}\n",
    "a.log": b'192.0.2.7 - - [05/Jun/2026:12:00:00 +0000] "GET /a HTTP/1.1" 200 5\n'
    * 9,
    "empty.yaml": b"",
}
_COMMANDS: Final = (
    *(
        "run",
        "run",
        "run",
        "compare",
        "sweep",
        "solve",
        "merge",
        "why",
        "fit",
        "inspect",
    ),
    *("show", "schema", "report"),
)
_NAMES: Final = (
    "s.yaml",
    "s.yaml@per-key",
    "s.yaml@",
    "@x",
    "a.log",
    "empty.yaml",
    ".",
)
_OUT: Final = (
    *("r.json", "p.svg", "t.csv", "t.parquet", "c/", "x", "no/x.json", ".", "a.log/x"),
    *("v.xml", "l.hgrm", "e.ndjson", "p.md", "\u00e9.json", "x" * 300 + ".json", "d/"),
)
"""Nothing that is elsewhere: it would be written."""
_VALUES: Final = {
    "overrides": (
        "kv.ttl=1m",
        "seed=2",
        "path=[origin]",
        "name=x",
        "path[0]=memory",
        "=",
    ),
    "parameters": (
        "kv.ttl=1m,2m",
        "kv.write_latency=0ms..9ms/3",
        "seed=1,2",
        "kv.ttl=/",
    ),
    "vary": ("kv.write_latency=0ms..1s", "kv.ttl=1s..9s", "a=1..2", "kv.ttl=9s..1s"),
    "seed": ("0", "1", str(2**63 - 1), str(2**63), str(2**70), "-1", "x"),
    "replications": ("1", "2", "3", "0", "-1", "1e3", ""),
    "shards": ("1", "2", "0"),
    "jobs": ("1",),
    "shard": ("1/1", "1/2", "2/1", "0/0", "1/", "1/99999999999"),
    "sample": (
        "grid",
        "oat",
        "random:2",
        "lhs:2",
        "sobol:2",
        "sobol:0",
        "random:-1",
        ":",
    ),
    "on": ("here", "there", "dask://", "x://y"),
    "metric": ("errors", "errors[key=a]", "x", "latency_p99_s", ""),
    "metrics": ("errors", "origin_hits[location=home]", "x"),
    "margin": ("2%", "0%", "200%", "x"),
    "rare_ratio": ("1%", "50%", "0%", "1e-9%", "x"),
    "request": ("0", "1", "first-429", "slowest", "99", "-1", "x"),
    "kind": ("auto", "combined", "csv", "x", "$msec $request"),
    "tolerance": ("1%", "10%", "0%", "x"),
}
_CONDITIONS: Final = frozenset(("goal", "wanted", "precision", "gates"))


@cache
def _parameters(command: str) -> list[click.Parameter]:
    found = group.get_command(click.Context(group), command)
    assert found is not None
    return found.params


def _value(parameter: click.Parameter, chance: Chance) -> str:
    name = parameter.name or ""
    if "-o" in parameter.opts:
        return chance.one_of(_OUT)
    if name == "junit":
        return chance.one_of([one for one in _OUT if not one.endswith(".json")])
    if name in _CONDITIONS:
        return condition_text(chance)
    others = () if name in ("on", "jobs", "shards", "replications") else TEXTS
    if others and chance.happens(0.1):
        return chance.one_of((*QUANTITIES, *others)).replace("\x00", "")
    if isinstance(parameter.type, click.Choice):
        return str(chance.one_of(parameter.type.choices))
    return chance.one_of(_VALUES.get(name, QUANTITIES))


def _arguments(command: str, chance: Chance) -> Iterator[str]:
    has_runs = False
    for one in _parameters(command):
        if isinstance(one, click.Argument):
            least = 2 if one.nargs == -1 else 1
            for _ in range(chance.one_of((1, least, least, least))):
                yield chance.one_of(_NAMES if chance.happens(0.3) else _NAMES[:2])
        elif chance.happens(0.15) or (one.required and chance.happens(0.9)):
            has_runs = has_runs or one.name == "replications"
            option = chance.one_of(one.opts)
            yield from [option] if _is_flag(one) else [option, _value(one, chance)]
        elif one.name == "jobs":
            yield from ("-j", "1")
    if not has_runs and any(one.name == "replications" for one in _parameters(command)):
        # `--until` would go on for 10,000 runs.
        yield from ("--reps", "3")


def _is_flag(parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Option) and parameter.is_flag


def _made(chance: Chance) -> FuzzInput:
    # To explain takes a second or more.
    command = "explain" if chance.happens(0.01) else chance.one_of(_COMMANDS)
    arguments = [command, *_arguments(command, chance)]
    if chance.happens(0.05):
        arguments.insert(chance.below(len(arguments)), chance.one_of(TEXTS[:20]))
    return FuzzInput(tuple(one.replace("\x00", "") for one in arguments), _FILES)


KIND: Final = Kind("command_lines", _made, in_ci=40)
