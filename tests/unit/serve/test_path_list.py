"""The path of a page: layers are added, removed and moved, as -s says it."""

from pathlib import Path

import pytest

from simcoalesce.serve.path_list import (
    addable,
    added,
    moved,
    path_document,
    path_of,
    removed,
)
from simcoalesce.serve.what_if import Refused, WhatIf
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.serve.builders import sale_file


def test_a_layer_is_added_as_near_to_the_origin_as_it_may_stand(
    tmp_path: Path,
) -> None:
    """Parameters of the others stay."""
    file = sale_file(tmp_path)

    found = added(file, WhatIf(), "single_flight", file.chosen)

    path = "[kv.read, {kv.write: {ttl: 60s}}, single_flight, origin]"
    assert found.overrides == (f"path={path}",)


def test_a_layer_that_may_stand_nowhere_says_why(tmp_path: Path) -> None:
    """In the words of the scenario's own validation."""
    file = sale_file(tmp_path)

    with pytest.raises(InvalidScenario, match="put durable_object before it"):
        added(file, WhatIf(), "durable_storage", file.chosen)


def test_an_edit_absorbs_earlier_changes_of_the_path(tmp_path: Path) -> None:
    """Their indices are no longer those of the same layers."""
    file = sale_file(tmp_path)
    asked = WhatIf(None, ("path[1].kv.write.ttl=5s", "seed=4"))

    found = removed(file, asked, 0)

    assert found.overrides == ("path=[{kv.write: {ttl: 5s}}, origin]", "seed=4")


def test_a_layer_is_moved(tmp_path: Path) -> None:
    """Whether the order makes sense, the scenario says."""
    found = moved(sale_file(tmp_path), WhatIf("per-key"), 1, 0)

    assert found.variant == "per-key"
    assert found.overrides == ("path=[durable_object, kv.read, kv.write, origin]",)


@pytest.mark.parametrize(("at", "to"), [(-1, 0), (0, 9), (3, 0)])
def test_there_is_no_layer_elsewhere(tmp_path: Path, at: int, to: int) -> None:
    """A page that is behind may ask so."""
    with pytest.raises(Refused, match="no such layer"):
        moved(sale_file(tmp_path), WhatIf(), at, to)


def test_every_layer_but_the_origin_may_be_added(tmp_path: Path) -> None:
    """Each has a first line that says what it is."""
    offered = addable()

    assert {"single_flight", "timeout"} <= {one["kind"] for one in offered}
    assert all(one["about"] for one in offered)
    assert path_document(path_of(sale_file(tmp_path), WhatIf()))[1]["inline"] == (
        "ttl: 60s"
    )


@pytest.mark.parametrize(
    "kind", ["abandon", "hedge", "limiter", "load_shed", "timeout"]
)
def test_a_layer_without_defaults_begins_with_something(
    tmp_path: Path, kind: str
) -> None:
    """What it needs is in the change, and may be changed then."""
    file = sale_file(tmp_path)

    found = added(file, WhatIf(), kind, file.chosen)

    assert f"{{{kind}: {{" in found.overrides[0]
