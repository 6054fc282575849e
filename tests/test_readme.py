"""The README says what happens: its blocks are run, and their output is compared.

When the output changes on purpose: REFRESH_README=1 pytest tests/test_readme.py
"""

import io
import os
import re
import shlex
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path

import pytest
from click.testing import CliRunner

from simcoalesce import Scenario, replicate, run
from simcoalesce.cli import group
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.picture import pictures

README = Path(__file__).parents[1] / "README.md"
CONSOLE = re.compile(
    r"(?P<before>```console\n\$ simcoalesce (?P<source>.*)\n)(?P<output>(?:.*\n)*?)```"
)
PYTHON = re.compile(
    r"(?P<before>```python\n(?P<source>(?:.*\n)*?)```\n\n```text\n)"
    r"(?P<output>(?:.*\n)*?)```"
)
YAML = re.compile(r"```yaml\n((?:.*\n)*?)```")


def text() -> str:
    """Return the README."""
    return README.read_text(encoding="utf-8")


def command_output(command: str) -> str:
    """Return what a command prints on stdout."""
    ran = CliRunner().invoke(group, shlex.split(command), catch_exceptions=False)
    assert ran.stdout, ran.stderr
    return ran.stdout


def program_output(program: str) -> str:
    """Return what a Python program prints."""
    written = io.StringIO()
    with redirect_stdout(written):
        exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - our own text
    return written.getvalue()


def is_told(block: re.Match[str], output_of: Callable[[str], str]) -> bool:
    """Return whether a block shows its output; refresh it if that is asked for."""
    output = output_of(block["source"])
    if "REFRESH_README" in os.environ:
        fresh = text().replace(block[0], f"{block['before']}{output}```")
        README.write_text(fresh, encoding="utf-8")
        return True
    return output == block["output"]


@pytest.fixture(autouse=True)
def _in_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(README.parent)


@pytest.mark.parametrize(
    "block", [*CONSOLE.finditer(text())], ids=lambda block: block["source"]
)
def test_a_command_prints_what_the_readme_shows(block: re.Match[str]) -> None:
    """A stranger sees on the screen what the README promised."""
    assert is_told(block, command_output)


@pytest.mark.parametrize("block", [*PYTHON.finditer(text())], ids=["python"])
def test_the_program_prints_what_the_readme_shows(block: re.Match[str]) -> None:
    """The Python example works, and prints these lines."""
    assert is_told(block, program_output)


@pytest.mark.parametrize(
    ("variant", "least", "most"), [(None, 1_000, 5_000), ("per-key", 0, 0)], ids=str
)
def test_the_scenario_of_the_readme_needs_its_cure(
    variant: str | None, least: int, most: int
) -> None:
    """The example is refused over a thousand times as written, and never when cured."""
    (block,) = YAML.finditer(text())
    scenario = Scenario.parse(block[1], variant=variant)

    refused = replicate(scenario, replications=5).estimates["origin_rejected"].mean

    assert refused is not None
    assert least <= refused <= most


def test_the_picture_shows_what_the_flash_sale_says() -> None:
    """The title of the picture is the headline of today's run.

    To draw it again: simcoalesce run scenarios/flash-sale-9pm.yaml -o charts/
    """
    scenario = Scenario.load("scenarios/flash-sale-9pm.yaml")
    headline = pictures()["arrivals_by_outcome"].headline(RunView(run(scenario)))
    picture_text = Path("docs/flash-sale.svg").read_text(encoding="utf-8")

    assert f"<title>{headline}</title>" in picture_text


def test_the_readme_names_every_command() -> None:
    """No command is hidden."""
    named = re.findall(r"^    simcoalesce (\w+)", text(), flags=re.MULTILINE)

    assert named == group.list_commands(None)  # type: ignore[arg-type]


def test_the_readme_sets_up_and_tests_in_one_line_each() -> None:
    """The two lines that a stranger copies are there, and CI finds them."""
    lines = re.findall(r"^```sh\n(.*)\n```$", text(), flags=re.MULTILINE)

    assert [line.rpartition("/")[2].split()[0] for line in lines] == [
        "flash-sale-9pm.yaml",
        "pytest",
    ]
