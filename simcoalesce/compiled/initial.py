"""Initial contents, as `model.initial` has them: drawn when they are first asked."""

import numpy as np

from simcoalesce.compiled.draws import uniform
from simcoalesce.compiled.kernel import Word, inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Record
from simcoalesce.compiled.state import AnswerRecord, SamplerRecord, State
from simcoalesce.compiled.tasks import draw_for
from simcoalesce.model.initial import Initial
from simcoalesce.model.layer_context import LayerContext


class InitialRecord(Record):
    """What the instances of a store hold when the run begins."""

    held: int
    """Where it says of each key whether it is held, or nobody: none is."""
    is_drawn: bool
    """Whether ages are drawn; else any within the ttl will do."""
    ages: SamplerRecord
    stream: Word
    served_by: int


@inner
def is_held(m: State, initial: InitialRecord, key: int) -> bool:
    """Return whether a key is held when the run begins."""
    return initial.held != NOBODY and m[initial.held + key] != 0


@inner
def held_answer(
    m: State,
    initial: InitialRecord,
    answer: AnswerRecord,
    key: int,
    instance: int,
    ttl_ns: int,
) -> int:
    """Write what an instance holds of a key; return when it was made and stored."""
    if initial.is_drawn:
        made = -draw_for(m, initial.ages, key, instance)
    else:
        made = -int(uniform(initial.stream, key, instance) * ttl_ns)
    answer.status, answer.lookup, answer.role = 200, 0, 1
    answer.served_by, answer.generated = initial.served_by, made
    answer.attempts, answer.version = 1, 0
    answer.cacheable, answer.retry_after = True, 0
    answer.complete_at, answer.max_age, answer.stored_at = 0, NOBODY, NOBODY
    return made


def fill_initial(
    record: InitialRecord,
    initial: Initial | None,
    context: LayerContext,
    parameters: Parameters,
) -> None:
    """Write what a layer's store holds when the run begins."""
    record.held = NOBODY
    if initial is None or not context.domains.is_warm(0):
        return
    is_held = np.zeros(len(context.keys), dtype=np.int64)
    of_start = initial.is_held(context)
    is_held[: len(of_start)] = of_start
    record.held = parameters.write(is_held)
    record.served_by = parameters.code_of("origin")
    record.stream = parameters.key_of(context.stream("initial.age"))
    ages = initial.ages(context)
    record.is_drawn = ages is not None
    if ages is not None:
        record.ages = parameters.sampler(ages)
