"""The Redis server of the compiled engine, whose kernels run as Python here."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.compiled.redis import (
    LOCK,
    LockRecord,
    expires_at,
    free,
    is_held,
    keep,
    take,
)
from simcoalesce.compiled.state import State
from simcoalesce.model import redis
from tests.builders import MS

INSTANTS = st.integers(0, 40 * MS)
TOKENS = st.integers(1, 3)


@given(set_at_ns=INSTANTS, ttl_ns=INSTANTS)
def test_a_key_is_gone_when_it_is_in_the_model(set_at_ns: int, ttl_ns: int) -> None:
    """Both reckon in whole milliseconds."""
    gone_at_ns = expires_at(set_at_ns, ttl_ns)

    assert gone_at_ns == redis.expires_at_ns(set_at_ns, ttl_ns)


@given(
    st.lists(
        st.tuples(st.sampled_from(["take", "keep", "free"]), TOKENS, INSTANTS),
        max_size=8,
    )
)
def test_a_lock_is_that_of_whoever_has_it_in_the_model(
    steps: list[tuple[str, int, int]],
) -> None:
    """Taken, kept and freed, one after the other at ascending instants."""
    m = State(np.zeros(State.width + LockRecord.width, dtype=np.int64), 0)
    lock, server = LockRecord(m, State.width), redis.RedisServer()
    for turn, (does, token, until_ns) in enumerate(steps):
        m.now = turn * 5 * MS
        if does == "take":
            took = server.lock("a", LOCK, token, at_ns=m.now, until_ns=until_ns)
            assert take(m, lock, token, until_ns) == took
        elif does == "keep":
            keep(lock, token, until_ns)
            server.keep_lock("a", LOCK, token, until_ns)
        else:
            free(lock, token)
            server.unlock("a", LOCK, token)
        assert [is_held(m, lock, one) for one in (1, 2, 3)] == [
            server.is_held("a", LOCK, one, m.now) for one in (1, 2, 3)
        ]
