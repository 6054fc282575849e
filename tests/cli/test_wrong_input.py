"""Wrong input never hurts: a message with the place, code 3, soon, in little memory."""

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from simcoalesce.randomness import Stream
from tests.cli.command_line import ROOT, SALE, Ran, command

MOST_S = 5
MOST_BYTES = 1 << 30
NOISE = b"".join(
    Stream(1, "noise").bits(request).to_bytes(8, "little") for request in range(10_000)
)
BURST = "[{kind: burst, requests: 40, within: 400ms}]"
PATH = "path: [kv.read, kv.write, origin]"
LINES = [
    f'h - - [05/Jun/2026:21:00:{i % 60:02} +0900] "GET /{i} HTTP/1.1" 200 1\n'
    for i in range(40)
]
PACKED = gzip.compress("".join(LINES * 5_000).encode())

TEXTS = {
    "noise": (NOISE, "is not UTF-8"),
    "zeros": (bytes(1_000), "U+0000 is not allowed in YAML"),
    "nothing": (b"", "it is empty; simcoalesce init writes a scenario"),
    "a list": (b"[1, 2]", "a scenario is a table"),
    "deep brackets": (b"[" * 100_000, "nested more than 50 levels deep"),
    "deep tables": (b"a: " + b"{a: " * 20_000, "nested more than 50 levels deep"),
    "exploding aliases": (
        b"a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + b"".join(
            b"%c: &%c [%s]\n" % (c, c, b",".join([b"*%c" % (c - 1)] * 10))
            for c in range(ord("b"), ord("j"))
        ),
        "more than 100,000 values",
    ),
    "an alias of itself": (b"a: &a [*a]\n", "stands inside itself"),
    "an object": (b"!!python/object/apply:os.system ['x']", "a scenario is a table"),
    "a key twice": (f"{SALE}version: 1\n".encode(), '"version" stands twice'),
    "a tab": (b"a:\n\tb: 1\n", "a tab cannot indent YAML"),
}
EDITS = [
    ("requests: 40", "requests: -40", '8:38  traffic.arrivals[0].requests  "-40"'),
    (
        "within: 400ms",
        "within: 0.4",
        '8:50  traffic.arrivals[0].within  "0.4" has no unit',
    ),
    (BURST, "[{kind: rate, rate: 0/s}]", '"0/s" is not above zero'),
    (BURST, "[]", "there is no phase"),
    ("duration: 1s", "duration: 0s", '4:11  duration  "0s" must be above zero'),
    ("duration: 1s", "duration: 9e99d", "is longer than a hundred years"),
    ("isolates: 10", "isolates: 0", '9:13  traffic.isolates  "0" must be above zero'),
    ("replications: 3", "replications: 1G", "at most 100,000 replications"),
    ("write_latency", "write_latncy", 'unknown key — did you mean "write_latency"?'),
    ("origin: {", "orign: {", 'unknown key — did you mean "origin"?'),
    ("requests == 40", "request == 40", 'did you mean "requests"?'),
    (PATH, "path: []", "the path is empty; write e.g. [kv.read, kv.write, origin]"),
    (PATH, "path: [kv.read, kv.write]", "the path has no origin; end it with origin"),
    (PATH, "path: [origin, kv.read]", "no request gets behind the origin"),
    (PATH, "path: [origin, origin]", "a path has one origin, at its end"),
    (PATH, "path: [kv.raed, origin]", 'did you mean "kv.read"?'),
]


def logged(name: str, more: str = "") -> str:
    """Return the sale with a log instead of its burst."""
    replay = f"[{{kind: replay, file: {name}{more}}}]"
    return SALE.replace(BURST, replay).replace("duration: 1s", "duration: 1h")


def soon(*arguments: object) -> Ran:
    """Run a command that must be over soon."""
    began_s = monotonic()
    ran = command(*arguments)
    assert monotonic() - began_s < MOST_S
    return ran


def confined(*arguments: object) -> Ran:
    """Run a command with little memory, in a process of its own."""
    program = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({MOST_BYTES}, {MOST_BYTES}))\n"
        "from simcoalesce.cli import main\n"
        "sys.exit(main())\n"
    )
    ran = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_S + 15,
        env=os.environ | {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_no_scenario_is_refused(sale: Path, name: str) -> None:
    """Whatever the bytes: what is wrong is said, and nothing is run."""
    content, message = TEXTS[name]
    sale.write_bytes(content)

    ran = soon("run", sale)

    assert (ran.code, ran.out) == (3, "")
    assert message in ran.err
    assert ran.err.endswith("nothing was run.\n")


@pytest.mark.parametrize(("written", "instead", "message"), EDITS)
def test_a_wrong_value_is_refused_with_its_position(
    sale: Path, written: str, instead: str, message: str
) -> None:
    """File, line and column, and what to write instead."""
    assert written in SALE
    sale.write_text(SALE.replace(written, instead, 1))

    ran = soon("run", sale)

    assert (ran.code, ran.out) == (3, "")
    assert message in ran.err
    assert re.search(r"sale\.yaml:\d+:\d+  ", ran.err)


def test_all_mistakes_are_told_at_once(sale: Path) -> None:
    """Nobody mends one to hear of the next."""
    sale.write_text(SALE.replace("seed: 3", "sed: 3").replace("120ms", "120"))

    assert command("run", sale).err.endswith("2 problems, nothing was run.\n")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("cut.log.gz", PACKED[: len(PACKED) // 2], "the compressed file is cut off"),
        ("torn.log.gz", PACKED[:99] + b"x" * 9 + PACKED[108:], "file is damaged after"),
        ("noise.log.gz", NOISE, "noise.log.gz has no known format; it starts with"),
        ("noise.log", b'"' + NOISE, "noise.log has no known format; it starts with"),
        ("empty.log", b"", "empty.log holds no request"),
        ("early.csv", b"t_s\n-1\n", "line 2: the instant is before the start"),
        ("far.csv", b"t_s\n1e300\n", "line 2: 1e300 is out of range"),
        ("never.csv", b"t_s\nnan\n", 'line 2: "nan" is not a time'),
        ("other.csv", b"when\n1\n", "field is the time of a request: when; write"),
        ("bomb.log.gz", gzip.compress(bytes(100 << 20)), "lines longer than 65536"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-7:] else "",
)
def test_a_log_that_cannot_be_used_is_refused(
    sale: Path, name: str, content: bytes, message: str
) -> None:
    """The message names both files and, where there is one, the line."""
    Path(name).write_bytes(content)
    sale.write_text(logged(name))

    ran = soon("run", sale)

    assert (ran.code, ran.out) == (3, "")
    assert message in ran.err
    assert ran.err.startswith(f"{sale}: {name}")


def test_a_log_that_is_not_there_is_refused(sale: Path) -> None:
    """At the place where the scenario names it."""
    sale.write_text(logged("none.log"))

    ran = soon("run", sale)

    assert ran.code == 3
    assert 'sale.yaml:8:35  traffic.arrivals[0].file  no file "none.log"' in ran.err


def test_a_few_bad_lines_are_shown_with_their_numbers(sale: Path) -> None:
    """The run goes on without them, and says so."""
    Path("a.log").write_text("".join([*LINES[:5], "rubbish\n", *LINES[5:]]))
    sale.write_text(logged("a.log", ", bad_lines: 10%"))

    ran = soon("run", sale)

    assert ran.code == 0
    assert "a.log: 1 of 41 lines do not parse: line 6" in ran.out


def test_many_bad_lines_are_an_error(sale: Path) -> None:
    """Above the stated share: the first ones are shown."""
    Path("a.log").write_text("".join([*LINES[:5], "rubbish\n", *LINES[5:]]))
    sale.write_text(logged("a.log"))

    ran = soon("run", sale)

    assert ran.code == 3
    assert "a.log: 1 of 41 lines do not parse: line 6" in ran.err
    assert "that is more than bad_lines: 1%" in ran.err


def test_a_huge_file_is_not_read(sale: Path) -> None:
    """A hundred megabytes cost neither time nor memory."""
    with sale.open("wb") as file:
        file.truncate(100 << 20)

    ran = confined("run", sale)

    assert ran.code == 3
    assert "it is larger than 1 MiB" in ran.err


def test_a_bomb_is_not_unpacked_into_memory(sale: Path) -> None:
    """640 MB of one line, in less than a megabyte of gzip."""
    Path("bomb.log.gz").write_bytes(gzip.compress(bytes(32 << 20)) * 20)
    sale.write_text(logged("bomb.log.gz"))

    ran = confined("run", sale)

    assert ran.code == 3
    assert "bomb.log.gz" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arrivals",
    [
        "[{kind: rate, rate: 1G/s}]",
        "[{kind: burst, requests: 100G, within: 1s}]",
        "[{kind: burst, requests: 10k, within: 1ns, every: 1ms}]",
        "[{kind: flash_crowd, peak: 1G/s, decay: 1h}]",
    ],
)
def test_more_requests_than_anybody_waits_for_are_refused(
    sale: Path, arrivals: str
) -> None:
    """Before the first is made: how many, how long, and what to change."""
    ran = soon("run", sale, "-s", "duration=1h", "-s", f"traffic.arrivals={arrivals}")

    assert (ran.code, ran.out) == (3, "")
    assert re.search(r"about [\d,]{13,} requests would come; that .* hours", ran.err)
    assert "lower the rates or the duration" in ran.err


def test_more_rows_than_memory_holds_are_refused(sale: Path) -> None:
    """They are kept only if a table is asked for."""
    arrivals = "traffic.arrivals=[{kind: burst, requests: 10G, within: 1s}]"
    ran = soon("run", sale, "-s", arrivals, "-o", "requests.csv")

    assert (ran.code, ran.out) == (3, "")
    assert "their rows need 3,725 GiB of memory" in ran.err
    assert "ask for no rows (-o)" in ran.err


def test_many_requests_are_announced(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that lasts says so at its start, on stderr."""
    monkeypatch.setattr("simcoalesce.experiment.size._LONG", 100)

    ran = soon("run", sale)

    assert ran.code == 0
    assert ran.err.startswith("About 40 requests in each of 3 runs")
