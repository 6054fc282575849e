"""Names that hold anything: every form of a result is well-formed, and harmless."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.cli.command_line import command

TITLE = r'"A \e]0;x\a $\\frac$ sa\rle\n::error::x\x85\u202e"'
SEEN = r"A \x1b]0;x\x07 $\frac$ sa\rle\n::error::x\x85\u202e"
KEYS = r'{"=A1": 1, "a\rb": 5, "c\e[2J\0": 1, "@x": 1, "-1": 1, "-2+3": 1}'
COMMANDS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]")


@pytest.fixture
def strange(sale: Path) -> Path:
    """Return a sale whose title and keys somebody else wrote, who means harm."""
    text = sale.read_text().replace("A small sale", TITLE)
    keys = f"  keys: {{kind: weighted, weights: {KEYS}}}\n  isolates: 10"
    sale.write_text(text.replace("  isolates: 10", keys))
    return sale


@pytest.mark.parametrize(
    "arguments",
    [
        ["run"],
        ["explain", "--reps", "2"],
        ["explain", "--reps", "2", "--markdown"],
        ["compare", "@per-key"],
        ["sweep", "-P", "kv.ttl=60s,70s", "-j", "1"],
        ["why", "--request", "3"],
        ["run", "--github", "-s", "expect=[origin_hits <= 1]"],
    ],
    ids=lambda arguments: "_".join(arguments[:1] + arguments[-1:]),
)
def test_no_text_commands_a_terminal(strange: Path, arguments: list[str]) -> None:
    """Nor does a line of it begin with what a stranger wrote."""
    ran = command(arguments[0], strange, *arguments[1:])

    assert ran.code in {0, 10}
    assert COMMANDS.findall(ran.out + ran.err) == []
    assert "\n::error::x" not in ran.out + ran.err


@pytest.mark.parametrize("name", ["verdicts.xml", "charts/"])
def test_xml_is_well_formed(strange: Path, name: str) -> None:
    """JUnit, and pictures as SVG, with each text as it is seen."""
    command("run", strange, "-q", "-o", name)
    files = [*Path().glob("verdicts.xml"), *Path("charts").glob("*.svg")]

    assert files
    for file in files:
        ET.parse(file)  # noqa: S314 - our own
        assert COMMANDS.findall(file.read_text()) == []
    assert all(SEEN in file.read_text() for file in Path("charts").glob("*.svg"))


def test_a_page_has_no_control_characters(strange: Path) -> None:
    """HTML allows none."""
    command("run", strange, "-q", "-o", "page.html")

    assert COMMANDS.findall(Path("page.html").read_text()) == []


def test_the_effective_configuration_is_the_same_scenario(strange: Path) -> None:
    """YAML has the same names; that of the file may hold the end of a line."""
    strange = strange.rename("sa\nle: {.yaml")
    shown = command("show", strange).out
    Path("shown.yaml").write_text(shown)

    files = (strange, "shown.yaml")
    first, second = (json.loads(command("run", one, "--json").out) for one in files)
    assert COMMANDS.findall(shown) == []
    assert first["metrics"] == second["metrics"]
    assert first["scenario"] == second["scenario"]
