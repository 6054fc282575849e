"""Hang-ups: clients of the testbed that leave, as the head of a path says."""

from collections.abc import Sequence
from itertools import takewhile

from simcoalesce.model.layer import Layer
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.abandon import Abandon
from simcoalesce.request import Requests


def clients_in_front(path: Sequence[Layer]) -> tuple[Abandon, ...]:
    """Return the layers at the head of a path that say who hangs up."""
    at_head = takewhile(lambda layer: isinstance(layer, Abandon), path)
    return tuple(layer for layer in at_head if isinstance(layer, Abandon))


def behind_clients(path: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return a path without them: what a target runs."""
    return path[len(clients_in_front(path)) :]


def hang_ups(
    path: Sequence[Layer], contexts: Sequence[LayerContext], requests: Requests
) -> list[int | None]:
    """Return after how many nanoseconds each client hangs up; None if it stays.

    They are the draws of the model, so that the same clients leave in both.
    """
    in_front = zip(clients_in_front(path), contexts, strict=False)
    waits = [layer.hang_up(context) for layer, context in in_front]
    drawn = (
        [wait(requests.request(index)) for wait in waits]
        for index in range(len(requests))
    )
    told = ([one for one in of_request if one is not None] for of_request in drawn)
    return [min(of_request, default=None) for of_request in told]
