"""restart: all isolates and objects begin anew, as after a deployment."""

from collections.abc import Iterator, Sequence
from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.model.change import EdgeChange
from simcoalesce.model.changeable import Changeable
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope


class Restart(EdgeChange):
    """All isolates and objects begin anew: what they hold in memory is gone.

    Requests under way finish in the isolates that they met; new ones start isolates,
    cold if `worker: {cold_start: ...}` says how long that takes. Simplification: an
    object goes on with its queue and its thread, and keeps what it is fetching.

    Source: developers.cloudflare.com/durable-objects, "Lifecycle", read 2026-11-30: a
    deployment restarts objects; what is in memory is lost.
    """

    concerns_isolates: ClassVar[bool] = True

    kind: Literal["restart"] = "restart"
    objects: bool = True
    """Whether objects begin anew too, as they do when their own code is deployed."""

    @property
    @override
    def says(self) -> str:
        too = " and objects" if self.objects else ""
        return f"A deployment: isolates{too} begin anew, without their memory."

    @override
    def faults(self, path: Sequence[Layer]) -> Iterator[str]:
        scopes = {layer.scope for layer in path}
        if Scope.CACHE in scopes and not any(one.is_worker for one in scopes):
            yield "the path runs no worker that could be deployed; purge its cache"

    @override
    def act(self, edge: Changeable, *, keys: Sequence[str], seed: int) -> None:
        for restartable in (*edge.isolates, *(edge.objects if self.objects else ())):
            restartable.restart()
