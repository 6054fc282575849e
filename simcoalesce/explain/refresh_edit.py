"""Refresh edits: a timer before a store that all share."""

from simcoalesce.explain.does_not_apply import DoesNotApply
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.units import format_duration, parse_duration


def insert_refresh_timer(
    edit: ScenarioEdit, *, every_ns: int, first_at: str, within_ns: int
) -> None:
    """Insert a timer that has each key fetched and stored where all find it.

    Args:
        edit: The scenario.
        every_ns: From one round to the next.
        first_at: When the first one begins.
        within_ns: How long a round takes, so that not all keys are fetched at once.

    Raises:
        DoesNotApply: If there is a timer, nothing may be stored, or no store is shared.
    """
    edit.refuse("refresh_timer")
    check_storable(edit)
    index = _first_store(edit)
    layer, traffic = edit.types()[index], edit.incident.traffic
    # What a service keeps for all, or one tier does, is filled from one location.
    scope = next(iter(edit.path[index].values())).get("scope", "location")
    is_one = bool(layer.store) or scope == "global"
    place = next(iter(traffic.locations)) if is_one else "each"
    times = len(traffic.key_names()) * (1 if is_one else len(traffic.locations))
    timer = {
        "every": format_duration(every_ns),
        "first_at": first_at,
        "spacing": format_duration(within_ns // max(times, 1)),
        "location": place,
    }
    edit.path.insert(index, {"refresh_timer": timer})


def check_storable(edit: ScenarioEdit) -> None:
    """Require an origin whose answers may be stored.

    Raises:
        DoesNotApply: If there is none: what nobody may keep cannot be there already.
    """
    if not any(
        one.written.get("cacheable", True) for one in edit.entries_of_kind("origin")
    ):
        raise DoesNotApply("answers may not be stored")


def shared_ttl_ns(edit: ScenarioEdit) -> int:
    """Return the lifetime of what the first store that all share keeps.

    Raises:
        DoesNotApply: If there is no such store.
    """
    written = next(iter(edit.path[_first_store(edit)].values()))
    return parse_duration(written.get("ttl", "60s"))


def _first_store(edit: ScenarioEdit) -> int:
    for index, layer in enumerate(edit.types()):
        if layer.stores and layer.scope.is_shared:
            return index
    raise DoesNotApply("the path has no store that all share, which a job could fill")
