"""The reference in docs/reference is what the code says today.

To write it anew: simcoalesce docs --write docs/reference
"""

import re

import click
import pytest

from simcoalesce.cli import exits, group
from simcoalesce.cli.command_entries import command_entries, exit_entries
from simcoalesce.reference.pages import reference_pages
from tests.vocabulary import ROOT

FOLDER = ROOT / "docs/reference"
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = reference_pages([*command_entries(group)], [*exit_entries()])


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_current(name: str) -> None:
    """Byte by byte."""
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name]


def test_there_is_no_other_page() -> None:
    """One that nothing makes any more is gone."""
    assert {path.name for path in FOLDER.iterdir()} == {*PAGES}


def test_a_link_leads_to_a_heading() -> None:
    """Of the same page or of another one."""
    anchors = {
        f"{name}#{re.sub(r'[^a-z0-9_ -]', '', heading.lower()).replace(' ', '-')}"
        for name, text in PAGES.items()
        for heading in re.findall(r"^## (.*)$", text, re.MULTILINE)
    }
    links = {
        f"{page or name}#{anchor}"
        for name, text in PAGES.items()
        for page, anchor in re.findall(r"\]\((\w*\.?m?d?)#([\w-]+)\)", text)
    }

    assert links - anchors == set()


def test_every_command_is_told_with_its_options() -> None:
    """Those of the command line."""
    text = PAGES["commands.md"]

    assert isinstance(group, click.Group)
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == [
        *group.list_commands(click.Context(group))
    ]
    assert "`--uncertain`" in text


def test_the_readme_has_the_exit_codes() -> None:
    """Word by word."""
    codes = dict(re.findall(r"^\| (\d+) \| (.*) \|$", README, re.MULTILINE))

    assert codes == {str(code): text for code, text in exits.MEANINGS.items()}
