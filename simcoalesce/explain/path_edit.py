"""Path edits: where a new layer stands."""

import json
from collections.abc import Sequence

from simcoalesce.explain.does_not_apply import DoesNotApply
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.written_values import Written
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope


def insert_before_origin(edit: ScenarioEdit, *layers: Written) -> None:
    """Insert layers around the calls of the origin."""
    edit.path[-1:-1] = list(layers)


def insert_behind_clients(edit: ScenarioEdit, layer: Written) -> None:
    """Insert a layer that clients meet first, behind those that are the clients'."""
    is_client = [one.scope is Scope.ANYWHERE for one in edit.types()]
    edit.path.insert(is_client.index(False), layer)


def insert_in_worker(edit: ScenarioEdit, layer: Written) -> None:
    """Insert a layer where a worker begins.

    Raises:
        DoesNotApply: If there is no worker.
    """
    for index, one in enumerate(edit.types()):
        if one.scope.is_worker:
            edit.path.insert(index, layer)
            return
    if any(one.scope is Scope.CACHE for one in edit.types()):
        raise DoesNotApply("the path has no worker to run it")
    insert_behind_clients(edit, layer)


def insert_queue(edit: ScenarioEdit, *layers: Written) -> None:
    """Insert layers in which misses wait, so that they look again behind them.

    That is behind the first layer that only looks into a store which all share. Where
    there is none, or misses share fetches anyway, it is before the origin.
    """
    lookups = [n for n, one in enumerate(edit.types()) if _only_looks_up(one)]
    if not lookups or any(one.shares for one in edit.incident.path):
        insert_before_origin(edit, *layers)
        return
    at = lookups[0] + 1
    again: Sequence[Written] = json.loads(json.dumps(edit.path[at - 1 : at]))
    edit.path[at:at] = [*layers, *again]


def _only_looks_up(layer: type[Layer]) -> bool:
    is_half = layer.looks_up and not layer.stores and not layer.makes_wait
    return is_half and layer.scope.is_shared
