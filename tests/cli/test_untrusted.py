"""--untrusted: a stranger's scenario sees its folder, and shows nothing of it."""

from pathlib import Path

import pytest

from tests.cli.command_line import SALE, Ran, command

BURST = "{kind: burst, requests: 40, within: 400ms}"
HELD_WORD = "wolpertinger"
COMMANDS = [
    ("run",),
    ("run", "-q"),
    ("explain",),
    ("show",),
    ("solve", "--vary", "kv.ttl=60s..70s", "--for", "errors <= 5"),
    ("why", "--request", "0"),
    ("compare", "sale.yaml"),
    ("validate", "--against", "nginx"),
]
EVERY = pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)


@pytest.fixture
def folder(sale: Path) -> Path:
    """Return the folder of the scenario; files with a secret are in it and beside."""
    folder = sale.parent / "in"
    folder.mkdir()
    for file in (sale.parent / "out.log", folder / "in.log", folder / "base.yaml"):
        file.write_text(f"{HELD_WORD}: {HELD_WORD}\n")
    (folder / "link.log").symlink_to("../out.log")
    return folder


def untrusted(folder: Path, text: str, *arguments: str) -> Ran:
    """Run a command on a text of somebody who is not trusted."""
    (folder / "sale.yaml").write_text(text)
    name, *options = arguments
    if name == "compare":
        options = [str(folder / "sale.yaml")]
    return command(name, folder / "sale.yaml", *options, "--untrusted")


FILES = ["../out.log", "link.log", "/etc/passwd", "../*.log", "[in.log, ../out.log]"]
NAMED = [
    *(SALE.replace(BURST, f"{{kind: replay, file: {file}}}") for file in FILES),
    SALE.replace("120ms", "{empirical: ../out.log}"),
    SALE.replace("120ms", "{replay: link.log}"),
    f"price_list: ../base.yaml\n{SALE}",
    f"extends: ../base.yaml\n{SALE}",
    f"extends: link.log\n{SALE}",
]


@pytest.mark.parametrize("text", NAMED)
def test_a_file_that_is_not_below_the_folder_is_refused(
    folder: Path, text: str
) -> None:
    """Before it is opened, at the place where the scenario names it."""
    ran = untrusted(folder, text, "run")

    assert (ran.code, ran.out) == (3, "")
    assert "is not below the folder of the scenario" in ran.err
    assert "in/sale.yaml:" in ran.err


HELD = [
    SALE.replace(BURST, "{kind: replay, file: in.log}"),
    SALE.replace("120ms", "{empirical: in.log}"),
    f"price_list: base.yaml\n{SALE}",
    f"extends: base.yaml\n{SALE}",
]


@EVERY
@pytest.mark.parametrize("text", HELD)
def test_no_error_shows_what_a_file_holds(
    folder: Path, text: str, arguments: tuple[str, ...]
) -> None:
    """Whichever command reads it."""
    ran = untrusted(folder, text, *arguments)

    assert HELD_WORD not in ran.out + ran.err


def test_other_processes_show_nothing_either(folder: Path) -> None:
    """The points of a sweep fail with the name of the file."""
    sweep = ("sweep", "-P", "kv.ttl=60s,70s", "-j", "2", "--no-cache", "--reps", "1")
    ran = untrusted(folder, HELD[0], *sweep)

    assert ran.code == 12
    assert "in.log cannot be used; what it holds is not shown" in ran.err
    assert HELD_WORD not in ran.out + ran.err


def test_bad_lines_are_counted_and_not_shown(folder: Path) -> None:
    """A log of which a part is read says so without a line of it."""
    line = '{"time": "2026-06-05T12:00:00Z", "url": "/a"}\n'
    (folder / "in.log").write_text(f"{line}{line}{HELD_WORD}\n")
    replay = "{kind: replay, file: in.log, bad_lines: 50%}"

    ran = untrusted(folder, SALE.replace(BURST, replay), "run")

    assert "in.log: what is wrong with it is not shown" in ran.out
    assert HELD_WORD not in ran.out + ran.err


def test_a_pattern_of_a_stranger_is_refused(folder: Path) -> None:
    """One that backtracks would take hours for a line."""
    replay = "{kind: replay, file: in.log, pattern: '(?P<time>(a+)+)b'}"

    ran = untrusted(folder, SALE.replace(BURST, replay), "run")

    assert ran.code == 3
    assert "may take hours for one line; name a format" in ran.err


@pytest.mark.parametrize(
    "arguments", [("report", "-o", "page.html"), ("compare", "sale.yaml")]
)
def test_a_saved_result_of_a_stranger_stays_in_its_folder_too(
    folder: Path, arguments: tuple[str, ...]
) -> None:
    """The scenario is a part of it."""
    saved = folder / "result.json"
    command("run", "sale.yaml", "-o", saved, "-q")
    latency = '"latency": "120ms"'
    held = saved.read_text()
    assert latency in held
    saved.write_text(held.replace(latency, '"latency": {"replay": "/etc/hosts"}'))
    name, *rest = arguments

    ran = command(name, saved, *rest, "--untrusted")

    assert ran.code == 3
    assert '"/etc/hosts" is not below the folder' in ran.err


def test_a_scenario_without_files_runs_as_it_does_for_a_friend(folder: Path) -> None:
    """To the byte."""
    (folder / "sale.yaml").write_text(SALE)
    trusted = command("run", folder / "sale.yaml", "--json")

    assert untrusted(folder, SALE, "run", "--json") == trusted
