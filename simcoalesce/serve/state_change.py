"""State changes: what a button or a control of a page does to its state."""

from collections.abc import Mapping
from typing import Any

from simcoalesce.serve.path_list import added, moved, removed
from simcoalesce.serve.remedy_changes import remedied_state
from simcoalesce.serve.what_if import Refused, ScenarioFile, WhatIf


def changed_state(file: ScenarioFile, asked: WhatIf, action: Any) -> tuple[WhatIf, str]:
    """Return the state that an action leads to, and what it changed, if it says so.

    Args:
        file: The file of the page.
        asked: The state that the page is in.
        action: ``{"act": "add", "kind": ...}``, ``move`` (at, to), ``remove`` (at),
            or ``remedy`` (kind); None for none.

    Raises:
        ValueError: If it is no action, or leads to no valid scenario.
    """
    if action is None:
        return asked, ""
    act: Mapping[str, Any] = action if isinstance(action, Mapping) else {}
    match act.get("act"), act.get("kind"), act.get("at"), act.get("to"):
        case "add", str(kind), None, None:
            return added(file, asked, kind, file.chosen), ""
        case "move", None, int(at), int(to):
            return moved(file, asked, at, to), ""
        case "remove", None, int(at), None:
            return removed(file, asked, at), ""
        case "remedy", str(kind), None, None:
            return remedied_state(file, asked, kind)
    raise Refused("there is no such action")
