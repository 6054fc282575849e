"""Listings show every value that holds, and who said it."""

import pytest

from simcoalesce.scenario.effective_config import effective_config
from simcoalesce.scenario.scenario import Scenario
from tests.unit.scenario.builders import TEXT, a_scenario

MORE = """\
title: "a: #b"
expect: [errors == 0]
variants: {fast: {kv: {ttl: 5s}, expect: [errors == 1]}}
"""


def _comment(listing: str, line: str) -> str:
    (found,) = [row for row in listing.splitlines() if row.strip().startswith(line)]
    return found.partition("  # ")[2]


@pytest.mark.parametrize(
    ("line", "comment"),
    [
        ("name: sale", "set, sale.yaml:2"),
        ("write_latency: 3ms", "-s"),
        ("ttl: 5s", "variant fast, sale.yaml:13"),
        ("propagation: 0ms", "default"),
        ("requests: 800", "set, sale.yaml:5"),
        ("shape: uniform", "default"),
        ('- "errors == 1"', "variant fast, sale.yaml:13"),
        ("limit: 25", "-s"),
        ("path:", ""),
    ],
)
def test_every_value_has_its_origin(line: str, comment: str) -> None:
    """File and line, variant, flag, or default."""
    scenario = a_scenario(MORE).with_variant("fast")
    listing = effective_config(
        scenario.with_overrides("kv.write_latency=3ms", "origin.rate_limit=stripe-live")
    )

    assert _comment(listing, line) == comment


def test_a_listing_is_a_scenario() -> None:
    """The one that it lists."""
    scenario = a_scenario(MORE)

    assert Scenario.parse(effective_config(scenario)) == scenario


def test_what_is_extended_is_shown_with_its_own_line(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A base's values are not the file's."""
    folder = tmp_path_factory.mktemp("extended")
    (folder / "base.yaml").write_text(TEXT)
    (folder / "sale.yaml").write_text("extends: base.yaml\nduration: 2m\n")
    listing = effective_config(Scenario.load(folder / "sale.yaml"))

    assert _comment(listing, "duration: 2m") == f"set, {folder / 'sale.yaml'}:2"
    assert _comment(listing, "requests: 800") == f"set, {folder / 'base.yaml'}:5"


def test_a_scenario_of_no_file_is_all_default() -> None:
    """Nobody wrote it anywhere."""
    document = a_scenario().document()
    made = Scenario.model_validate(document)
    comments = {row.partition("  # ")[2] for row in effective_config(made).splitlines()}

    assert comments == {"", "default"}
