"""Answers that may be stored."""

from typing import Any

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import ScenarioEdit
from simcoalesce.explain.written_values import length_ns


class CacheableAnswers(Remedy):
    """The origin no longer says ``no-store`` or ``max-age=0``, on good days and bad."""

    label = "answers may be stored"
    effort = "code"
    warning = "what is one client's own must never be stored for others"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        origins = edit.entries_of_kind("origin")
        return everywhere(origins, _permit, "every answer may be stored already")


def _permit(one: LayerEntry) -> str:
    texts = [one.change("cacheable", value=True)]
    if any(map(_is_zero, one.written.get("max_age", ()))):
        texts.append(one.change("max_age", []))
    faults = one.written.get("faults", ())
    if not all(fault.get("cacheable", True) for fault in faults):
        for fault in faults:
            fault["cacheable"] = True
        texts.append(f"{one.noun} answers that its faults forbid to store → stored")
    return " and ".join(filter(None, texts))


def _is_zero(written: Any) -> bool:
    return isinstance(written, str) and not length_ns(written)
