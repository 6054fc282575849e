"""A new layer stands where it does what it is for."""

import pytest

from simcoalesce.explain.path_edit import (
    insert_before_origin,
    insert_behind_clients,
    insert_in_worker,
    insert_queue,
)
from simcoalesce.explain.scenario_edit import ScenarioEdit
from tests.unit.explain.builders import a_scenario

KV = "[retry, kv.read, kv.write, origin]"


@pytest.mark.parametrize(
    ("insert", "path", "after"),
    [
        (insert_before_origin, KV, "retry kv.read kv.write NEW origin"),
        (insert_behind_clients, KV, "retry NEW kv.read kv.write origin"),
        (insert_behind_clients, "[cdn, origin]", "NEW cdn origin"),
        (insert_in_worker, KV, "retry NEW kv.read kv.write origin"),
        (insert_in_worker, "[cdn, kv.read, origin]", "cdn NEW kv.read origin"),
        (insert_in_worker, "[retry, origin]", "retry NEW origin"),
        (insert_queue, KV, "retry kv.read NEW kv.read kv.write origin"),
        (insert_queue, "[memory, origin]", "memory NEW origin"),
        (
            insert_queue,
            "[kv.read, single_flight, origin]",
            "kv.read single_flight NEW origin",
        ),
    ],
)
def test_a_layer_is_put_where_misses_meet_it(
    insert: object, path: str, after: str
) -> None:
    """Around the calls, before the worker, or behind a lookup that is made again."""
    edit = ScenarioEdit(a_scenario(f"path={path}"))
    assert callable(insert)
    insert(edit, {"NEW": {}})

    assert " ".join(edit.kinds()) == after
