"""Redis: a server's locks and lifetimes, and commands on their way."""

import pytest

from simcoalesce.model.clock import START, Clock, Steps
from simcoalesce.model.redis import RedisClient, RedisServer, expires_at_ns
from tests.builders import MS, a_latency, a_request


@pytest.mark.parametrize(
    ("set_at_ns", "ttl_ns", "gone_at_ns"),
    [
        (0, 20 * MS, 21 * MS),
        (MS - 1, 20 * MS, 21 * MS),
        (MS, 20 * MS, 22 * MS),
        (0, 20 * MS + 999_999, 21 * MS),
        (0, 1, 2 * MS),
    ],
)
def test_a_key_with_px_n_is_gone_after_n_to_n_plus_1_ms(
    set_at_ns: int, ttl_ns: int, gone_at_ns: int
) -> None:
    """The clock and the ttl are cut to whole milliseconds; the least is 1 ms."""
    assert expires_at_ns(set_at_ns, ttl_ns) == gone_at_ns


def test_a_lock_is_taken_once_until_it_expires() -> None:
    """Half-open: at its end it is free."""
    server = RedisServer()
    taken = [
        server.lock("l", 0, token, at_ns=at_ns, until_ns=at_ns + 10)
        for token, at_ns in enumerate((0, 9, 10))
    ]

    assert taken == [True, False, True]
    assert server.is_held("l", 0, 2, 19)
    assert not server.is_held("l", 0, 2, 20)


def test_a_token_frees_its_own_lock_and_a_plain_del_any() -> None:
    """The first holder's lock expired, and another has it."""
    server = RedisServer()
    server.lock("l", 0, 1, at_ns=0, until_ns=10)
    server.lock("l", 0, 2, at_ns=10, until_ns=20)
    server.unlock("l", 0, 1)
    is_kept = server.is_held("l", 0, 2, 15)
    server.unlock("l", 0)

    assert is_kept
    assert server.is_free("l", 0, 15)


def test_only_its_holder_makes_a_lock_last() -> None:
    """A token that lost it changes nothing."""
    server = RedisServer()
    server.lock("l", 0, 1, at_ns=0, until_ns=10)
    server.keep_lock("l", 0, 2, 50)
    server.keep_lock("l", 0, 1, 30)

    assert server.is_held("l", 0, 1, 29)
    assert not server.is_held("l", 0, 1, 30)


@pytest.mark.parametrize("latency_ns", [0, 1, 2, 7])
def test_a_command_acts_in_the_middle_and_is_answered_at_the_end(
    latency_ns: int,
) -> None:
    """Of an odd number, the half there is the shorter one."""
    clock, counted = Clock(), list[int]()
    latency = a_latency(f"{latency_ns}ns")
    client = RedisClient(clock, latency, lambda: counted.append(clock.now_ns))
    replies = []

    def ask() -> Steps:
        at_ns = yield from client.ask(a_request(), lambda: clock.now_ns)
        replies.append((at_ns, clock.now_ns))
        return None  # type: ignore[return-value]

    clock.start(ask())
    clock.advance(100, START)

    assert replies == [(latency_ns // 2, latency_ns)]
    assert counted == [latency_ns // 2]
