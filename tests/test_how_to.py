"""The page on layers says what happens: its files are made, its commands are run.

`pip install` is not run: it needs a network. What it leaves behind for Python to find,
the package's metadata beside its modules, is made here from the page's pyproject.toml.
"""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/how_to/write_a_layer.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (\S+\.\w+)\n")
COMMAND = re.compile(r"^\$ simcoalesce (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
BLOCKS = [(block[1], block[2]) for block in BLOCK.finditer(PAGE)]
COMMANDS = [
    pytest.param(command[1], command[2], id=command[1])
    for language, text in BLOCKS
    if language == "console"
    for command in COMMAND.finditer(text)
]


class Ran(NamedTuple):
    """What a process did."""

    code: int
    out: str


def ran(folder: Path, *arguments: str) -> Ran:
    """Run Python in the folder, where the package is installed."""
    done = subprocess.run(  # noqa: S603 - our own page
        [sys.executable, *arguments],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Ran(done.returncode, done.stdout)


def install(folder: Path) -> None:
    """Do offline what ``pip install -e .`` does for the package of the folder."""
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    info = (
        folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    )
    info.mkdir(exist_ok=True)
    metadata = f"Name: {project['name']}\nVersion: {project['version']}\n"
    (info / "METADATA").write_text(metadata)
    points = "".join(
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in own.items())
        for group, own in project["entry-points"].items()
    )
    (info / "entry_points.txt").write_text(points)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the files of the page; one that comes again goes on."""
    made = tmp_path_factory.mktemp("shop")
    for _, text in BLOCKS:
        named = FILE.match(text)
        if named:
            with (made / named[1]).open("a") as file:
                file.write(text[named.end() :])
    install(made)
    return made


def shows(out: str, expected: str) -> bool:
    """Whether an output is as expected, where dots stand for anything."""
    pattern = re.escape(expected.strip()).replace(re.escape("..."), ".*")
    return re.fullmatch(pattern, out.strip(), re.DOTALL) is not None


@pytest.mark.parametrize(("command", "expected"), COMMANDS)
def test_a_command_prints_what_the_page_shows(
    folder: Path, command: str, expected: str
) -> None:
    """The layer, the arrivals and the log format are words like any other."""
    out = ran(folder, "-m", "simcoalesce", *command.split()).out

    assert shows(out, expected), out


def test_the_program_prints_what_the_page_shows(folder: Path) -> None:
    """A notebook passes the class; without it, nothing is known of it."""
    (place,) = (i for i, (_, text) in enumerate(BLOCKS) if "extra=" in text)
    for info in folder.glob("*.dist-info/entry_points.txt"):
        info.rename(info.with_suffix(".aside"))
    shown = ran(folder, "-c", BLOCKS[place][1]).out
    unknown = ran(folder, "-m", "simcoalesce", "run", "sale.yaml")
    install(folder)

    assert shown == BLOCKS[place + 1][1]
    assert (unknown.code, 'no layer "auth"' in unknown.out) == (3, True)


def test_a_broken_package_is_named(folder: Path) -> None:
    """And the exit code is that of what cannot be used, not of a bug."""
    layers = folder / "shop_layers.py"
    code = layers.read_text()
    layers.write_text("import a_module_that_nobody_has\n" + code)
    broken = ran(folder, "-m", "simcoalesce", "run", "sale.yaml")
    layers.write_text(code)

    assert broken.code == 3
    assert broken.out.startswith(
        "shop-layers 0.1, entry point simcoalesce.layers: auth"
    )
    assert "No module named 'a_module_that_nobody_has'" in broken.out
