"""The command line as a user meets it: arguments in; exit code, stdout, stderr out."""

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import IO, NamedTuple
from unittest.mock import patch

from simcoalesce.cli import main

ROOT = Path(__file__).parents[2]
SALE = """\
version: 1
name: sale
title: A small sale
duration: 1s
seed: 3
replications: 3
traffic:
  arrivals: [{kind: burst, requests: 40, within: 400ms}]
  isolates: 10
kv: {read_at: end, write_latency: 80ms, on_refused: ignore}
origin: {latency: 120ms}
path: [kv.read, kv.write, origin]
expect: [requests == 40]
variants:
  per-key:
    path: [kv.read, durable_object, kv.write, origin]
    expect: [origin_hits == 1]
  hopeless: {expect: [origin_hits <= 1]}
  worried: {expect: [{that: origin_hits <= 1, level: warn}]}
  refused: {origin: {rate_limit: {kind: fixed_window, limit: 5, per: 1m}}}
"""


class Ran(NamedTuple):
    """What a command did."""

    code: int
    out: str
    err: str


def command(*arguments: object, stdin: bytes = b"") -> Ran:
    """Run the command line in this process."""
    argv = ["simcoalesce", *map(str, arguments)]
    out, err = io.StringIO(), io.StringIO()
    source = io.TextIOWrapper(io.BytesIO(stdin))
    with (
        patch.object(sys, "argv", argv),
        patch.object(sys, "stdin", source),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main()
    return Ran(code, out.getvalue(), err.getvalue())


def started(
    *arguments: object, stdout: IO[str] | int = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    """Start the command line in a process of its own."""
    return subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "simcoalesce", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )


def process(*arguments: object, **environment: str) -> Ran:
    """Run the command line in a process of its own."""
    with started(*arguments, stdout=subprocess.PIPE, **environment) as child:
        out, err = child.communicate(timeout=60)
    return Ran(child.returncode, out, err)
