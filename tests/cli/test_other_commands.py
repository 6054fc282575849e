"""demo, show, init and schema."""

import json
from pathlib import Path

import pytest

from simcoalesce.scenario.schema import schema_text
from simcoalesce.scenario.template import template_names
from tests.cli.command_line import command

TEMPLATES = template_names()

pytestmark = pytest.mark.usefixtures("sale")


def test_demo_is_the_flash_sale() -> None:
    """It needs no file."""
    ran = command("demo", "per-key")

    assert ran.code == 0
    assert "One Durable Object per product (the cure) · flash-sale-9pm" in ran.out


def test_demo_knows_its_variants() -> None:
    """A wrong one is answered with those there are."""
    ran = command("demo", "perkey")

    assert ran.code == 3
    assert 'did you mean "per-key"?' in ran.err


def test_show_says_where_each_value_is_from(sale: Path) -> None:
    """The file with its line, the command line, or the default."""
    lines = command("show", sale, "-s", "kv.ttl=9s").out.splitlines()
    of = {line.split(":")[0].strip(): line for line in lines if "# " in line}

    assert of["ttl"].endswith("# -s")
    assert "sale.yaml:10" in of["write_latency"]
    assert "default" in of["read_latency"]


def test_show_refuses_what_run_refuses(sale: Path) -> None:
    """The same check, the same code."""
    assert command("show", sale, "-s", "kv.tttl=9s").code == 3


@pytest.mark.parametrize("template", TEMPLATES)
def test_init_writes_a_scenario_that_runs(template: str) -> None:
    """As the next step, which it names."""
    made = command("init", "new", "--template", template)
    next_step = made.out.splitlines()[1].split()
    ran = command(*next_step[1:], "--reps", "2")
    first = "explain" if template == "incident" else "run"

    assert made.code == 0
    assert next_step == ["simcoalesce", first, f"new/{template}.yaml"]
    assert ran.code == 0


def test_init_does_not_write_over_a_file() -> None:
    """What the user changed is kept; the message says how to write over it."""
    command("init", "new")
    Path("new/flash-sale.yaml").write_text("mine")

    ran = command("init", "new")

    assert ran.code == 2
    assert "--force writes over it" in ran.err
    assert Path("new/flash-sale.yaml").read_text() == "mine"


def test_init_writes_over_a_file_when_forced() -> None:
    """--force."""
    command("init", "new")
    Path("new/flash-sale.yaml").write_text("mine")

    assert command("init", "new", "--force").code == 0
    assert Path("new/flash-sale.yaml").read_text() != "mine"


def test_init_says_why_it_cannot_write() -> None:
    """A file stands where the folder should."""
    ran = command("init", "sale.yaml")

    assert ran.code == 2
    assert "cannot write into sale.yaml: File exists" in ran.err


def test_schema_is_json() -> None:
    """What editors read."""
    ran = command("schema")

    assert ran.out == schema_text()
    assert json.loads(ran.out)["type"] == "object"
