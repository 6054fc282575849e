"""Health of a server, by the answers that it gives, as `model.health` has it."""

from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.record import Record
from simcoalesce.compiled.state import State


class HealthRecord(Record):
    """Whether a server is asked."""

    failures: int
    """How many there were in a row."""
    limit: int
    """After how many it is out."""
    back_after_ns: int
    back_at: int


@inner
def is_in(m: State, health: HealthRecord) -> bool:
    """Whether a server may be asked."""
    return health.failures < health.limit or m.now >= health.back_at


@inner
def note_asked(m: State, health: HealthRecord) -> None:
    """Note a call; if it is the first after the time out, others stay away."""
    if health.failures >= health.limit:
        health.back_at = m.now + health.back_after_ns


@inner
def note_success(health: HealthRecord) -> None:
    """Note an answer that brings a server back."""
    health.failures = 0


@inner
def note_failure(m: State, health: HealthRecord) -> bool:
    """Note a failure; return whether it takes the server out."""
    health.failures += 1
    health.back_at = m.now + health.back_after_ns
    return health.failures == health.limit
