"""The machine: it does one thing at a time, and halts for all."""

from simcoalesce.distribution import Constant
from simcoalesce.model.clock import Clock
from simcoalesce.validation.host_layers import HostThread, Slowed

MS = 1_000_000


class AClock(Clock):
    """A clock that stands at an instant."""

    def __init__(self, now_ns: int) -> None:
        super().__init__()
        self.now_ns = now_ns


def test_work_is_done_one_after_the_other() -> None:
    """What comes while the thread works waits for its end."""
    thread = HostThread()
    thread.clock = AClock(10 * MS)

    thread.work(2 * MS)
    thread.work(3 * MS)

    assert thread.next_ns == 15 * MS


def test_work_does_not_begin_before_it_comes() -> None:
    """An idle thread has saved nothing up."""
    thread = HostThread()
    thread.work(MS)

    thread.clock = AClock(10 * MS)

    assert thread.next_ns == 10 * MS


def test_what_goes_on_at_the_same_time_is_as_late() -> None:
    """A machine that halts halts for all."""
    thread = HostThread()
    latency = Constant.model_validate({"value": "10ms"})
    series = tuple((at * MS, at % 7 * MS) for at in range(100))
    slow = Slowed.model_construct(latency=latency, added=(series,), thread=thread)

    samplers = [slow.sampler(1, name) for name in ("kv.read", "origin")]

    assert len({one.draw(number) for one in samplers for number in range(9)}) == 1


def test_another_seed_meets_the_machine_at_another_moment() -> None:
    """So that its halts are random."""
    latency = Constant.model_validate({"value": "10ms"})
    series = tuple((at * MS, at * MS) for at in range(100))
    slow = Slowed.model_construct(latency=latency, added=(series,), thread=HostThread())

    drawn = [slow.sampler(seed, "kv.read").draw(0) for seed in range(20)]

    assert len(set(drawn)) > 10
    assert all(10 * MS <= one <= 109 * MS for one in drawn)
