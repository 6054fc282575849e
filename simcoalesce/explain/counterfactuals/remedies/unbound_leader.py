"""A fetch that outlives the client for whom it began."""

from typing_extensions import override

from simcoalesce.explain.counterfactuals.remedy import Remedy
from simcoalesce.explain.layer_entry import LayerEntry, everywhere
from simcoalesce.explain.scenario_edit import DoesNotApply, NoSuchLayer, ScenarioEdit


class UnboundLeader(Remedy):
    """``waitUntil`` for the shared fetch; nginx's ``proxy_ignore_client_abort``."""

    label = "leader not bound to its client"
    effort = "code"
    warning = "the origin answers calls that nobody waits for any more"

    @override
    def apply(self, edit: ScenarioEdit) -> str:
        names = ("leader_bound", "ignore_client_abort", "abandons")
        flights = [one for one in edit.entries() if any(map(one.has, names))]
        if not flights:
            raise NoSuchLayer("the path has no fetch that could end with its client")
        if not any(map(_leaves, edit.entries())):
            raise DoesNotApply("no client leaves before its answer comes")
        return everywhere(flights, _outlive, "every fetch outlives its client already")


def _leaves(one: LayerEntry) -> bool:
    """Say whether what is behind a layer ends when it gives up."""
    gives_up = one.layer.gives_up or one.layer.calls_together
    return gives_up and bool(one.written.get("cancels", True))


def _outlive(one: LayerEntry) -> str:
    one.written.pop("leader_leaves", None)
    wanted = (
        ("leader_bound", False),
        ("abandons", False),
        ("ignore_client_abort", True),
    )
    texts = (one.change(name, value) for name, value in wanted if one.has(name))
    return " and ".join(filter(None, texts))
