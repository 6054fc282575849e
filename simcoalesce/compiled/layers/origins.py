"""origins, as `model.layers.origins` has it."""

from simcoalesce.compiled.choice import ChoiceRecord, choose, fill_choice
from simcoalesce.compiled.health import (
    HealthRecord,
    is_in,
    note_asked,
    note_failure,
    note_success,
)
from simcoalesce.compiled.kernel import Steps, inner
from simcoalesce.compiled.layers import origin
from simcoalesce.compiled.layers.origin import OriginLevel
from simcoalesce.compiled.parameters import Parameters, own_fields
from simcoalesce.compiled.record import Link, fields_of
from simcoalesce.compiled.state import DOWN, WAIT, Level, State, Task
from simcoalesce.compiled.statuses import is_among
from simcoalesce.model.layer_context import LayerContext
from simcoalesce.model.layers.origins import Origins, own_context


class NamedOrigin(OriginLevel):
    """One of the origins: all that an origin is told, and how it is known here."""

    code: int
    """What its answers are served by."""
    calls: int
    health: HealthRecord


class OriginsLevel(Level):
    """What the layer is told."""

    first: Link[NamedOrigin]
    """The others are behind it."""
    choice: ChoiceRecord
    failures: int
    """Where it says of each error whether it is a failure."""
    tries: int
    outs: int
    """How often one was taken out."""


@inner
def step(m: State, task: Task, own: OriginsLevel) -> Steps:
    """Ask one of the origins, and others while they fail."""
    asked, made, is_done = 0, 0, False
    while not is_done:
        one = choose(m, task, own.choice, _alive(m, own, asked))
        server = _origin(m, own, one)
        note_asked(m, server.health)
        server.calls += 1
        yield origin.step(m, task, server, DOWN)
        made += 1
        asked |= 1 << one
        is_done = made == min(own.tries, own.choice.servers)
        if is_among(m, own.failures, task.answer.status):
            own.outs += note_failure(m, server.health)
        else:
            note_success(server.health)
            is_done = True
    task.answer.served_by, task.answer.attempts = server.code, made
    action = origin.step(m, task, server, task.label)
    while action == WAIT:
        yield action
        action = origin.step(m, task, server, task.label)
    return action


@inner
def _origin(m: State, own: OriginsLevel, number: int) -> NamedOrigin:
    """Return one of the origins."""
    return NamedOrigin(m, own.first.at + number * NamedOrigin.width)


@inner
def _alive(m: State, own: OriginsLevel, asked: int) -> int:
    """Return those that are not out, besides those asked; or all if all are out."""
    alive = left = 0
    for number in range(own.choice.servers):
        if not asked >> number & 1:
            left |= 1 << number
            alive |= is_in(m, _origin(m, own, number).health) << number
    return alive or left


def fill(
    own: OriginsLevel, layer: Origins, context: LayerContext, parameters: Parameters
) -> None:
    """Write what the layer's fields do not say under the same names."""
    names = [*layer.of]
    origins = parameters.records(NamedOrigin, len(names))
    own.first = origins[0]
    for number, (one, name) in enumerate(zip(origins, names, strict=True)):
        for field in fields_of(Level):
            setattr(one, field, getattr(own, field))
        parameters.fill(one, layer.of[name], own_fields(OriginLevel, Level))
        own_of = own_context(context, number, name)
        origin.fill(one, layer.of[name], own_of, parameters)
        # All of them answer with headers first, if any of them does.
        one.streams, one.health.limit = layer.streams, layer.failures
        one.health.back_after_ns = layer.back_after_ns
    for one, name in zip(origins, names, strict=True):
        one.code = parameters.code_of(f"origin.{name}")
        parameters.counter(one, f"origin_calls.{name}", "calls")
    parameters.counter(own, "origin_out", "outs")
    own.returns = max(own.returns - layer.streams, 0)
    own.failures = parameters.statuses(layer.fails_on)
    fill_choice(own.choice, layer.choose, names, context, parameters)
