"""Clients that may disconnect while their requests go on."""

from simcoalesce.model.answer import Answer
from simcoalesce.model.clock import ANSWER, Clock, Signal, Steps
from simcoalesce.request import Request


class Client:
    """State of a client, which a layer may ask for."""

    __slots__ = ("has_left",)

    def __init__(self) -> None:
        self.has_left = False
        """Whether it has disconnected before its answer came."""


def detached(
    clock: Clock, request: Request, steps: Steps, client: Client | None = None
) -> Steps:
    """Wait for the answer of a process that goes on when its client leaves.

    Args:
        clock: The clock.
        request: Whose process it is.
        steps: What it does.
        client: Who is told that the client has left.
    """
    ended = Signal(clock)
    clock.start(steps, lambda answer: ended.send(answer, ANSWER, request))
    try:
        answer: Answer = yield ended
    except GeneratorExit:
        if client is not None:
            client.has_left = True
        raise
    return answer
