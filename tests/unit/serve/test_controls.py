"""Controls: one for each number and choice of a scenario, and each sets it."""

from pathlib import Path
from typing import Any

import pytest

from simcoalesce.serve.controls import groups_document
from simcoalesce.serve.what_if import ScenarioFile, WhatIf
from tests.shipped import SCENARIOS
from tests.unit.serve.builders import sale_file


def controls_of(file: ScenarioFile, *overrides: str) -> dict[str, dict[str, Any]]:
    """Return the controls of a page by their keys."""
    asked = WhatIf(None, overrides)
    now = file.chosen(asked), file.root(asked)
    before = file.chosen(WhatIf()), file.root(WhatIf())
    groups = groups_document(now, before)
    return {one["key"]: one for group in groups for one in group["controls"]}


def test_a_shared_value_has_one_control_and_an_inline_one_its_own(
    tmp_path: Path,
) -> None:
    """`kv.write_latency` is of the section, the ttl of the second layer."""
    found = controls_of(sale_file(tmp_path))

    assert found["kv.write_latency"]["value"] == "80ms"
    assert found["path[1].kv.write.ttl"]["value"] == "60s"
    assert "kv.ttl" not in found


def test_a_change_leaves_the_value_of_the_file_marked(tmp_path: Path) -> None:
    """The slider keeps its stops; its position is another one."""
    file = sale_file(tmp_path)
    before = controls_of(file)["kv.write_latency"]

    now = controls_of(file, "kv.write_latency=20ms")["kv.write_latency"]

    assert (now["value"], now["ofFile"], now["isChanged"]) == ("20ms", "80ms", True)
    assert now["stops"] == before["stops"]
    assert now["stops"][now["mark"]] == "80ms"
    assert now["stops"][now["at"]] == "20ms"


def test_a_limit_that_stands_alone_is_changed_without_a_bracket(
    tmp_path: Path,
) -> None:
    """As it is written: rate_limit: {...}, no list."""
    file = sale_file(tmp_path)

    assert controls_of(file)["origin.rate_limit.limit"]["value"] == "5"
    changed = file.chosen(WhatIf(None, ("origin.rate_limit.limit=6",)))
    assert changed.path[-1].rate_limits[0].limit == 6  # type: ignore[attr-defined]


def test_a_choice_offers_what_the_schema_has(tmp_path: Path) -> None:
    """And a truth value is true or false."""
    found = controls_of(sale_file(tmp_path))

    assert found["kv.read_at"]["choices"] == ["start", "end"]
    assert found["origin.cacheable"]["choices"] == ["true", "false"]
    assert found["kv.write_latency"]["about"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_control_sets_what_it_shows(path: Path) -> None:
    """Its own value, said as -s, changes nothing."""
    file = ScenarioFile.read(path)
    found = controls_of(file)
    same = tuple(f"{key}={one['value']}" for key, one in found.items())

    again = file.chosen(WhatIf(None, same))

    assert len(found) > 20
    assert again.document() == file.scenario.document()
