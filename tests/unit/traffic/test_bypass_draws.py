"""Which requests bypass all stores is drawn for each, and moves nothing else."""

import numpy as np
import pytest

from simcoalesce import Scenario
from simcoalesce.request import Requests
from simcoalesce.traffic.bypass_draws import BypassDraws

TEXT = """
traffic:
  arrivals:
    - {{kind: rate, rate: 100/s{first}}}
    - {{kind: users, users: 5, think: 50ms{second}}}
  keys: {{kind: zipf, s: 1, n: 50}}
  isolates: 3
duration: 20s
origin: {{latency: 20ms}}
path: [origin]
"""
OPEN = TEXT.replace("    - {{kind: users, users: 5, think: 50ms{second}}}\n", "")


def the_traffic(text: str, **written: str) -> Requests:
    """Return the requests of the open loop."""
    sale = Scenario.parse(text.format(**written))
    chunks = sale.traffic.generate(seed=1, duration_ns=sale.duration_ns, rows=100)
    return Requests.joined(list(chunks.chunks))


def test_where_nobody_bypasses_stores_there_is_no_column() -> None:
    """It costs nothing."""
    assert the_traffic(OPEN, first="").storable is None


def test_a_share_of_a_phase_bypasses_all_stores() -> None:
    """A tenth of 2,000: the standard deviation is 13."""
    storable = the_traffic(OPEN, first=", bypass: 10%").storable

    assert storable is not None
    assert abs((~storable).sum() - len(storable) / 10) < 4 * 13.5


def test_who_bypasses_comes_when_and_for_what_it_would_come_anyway() -> None:
    """Its draws are in a stream of its own."""
    without, with_some = (the_traffic(OPEN, first=one) for one in ("", ", bypass: 50%"))

    for name in ("arrived_at_ns", "key", "location", "isolate"):
        assert np.array_equal(getattr(without, name), getattr(with_some, name))


def test_more_that_bypass_are_the_same_and_others() -> None:
    """A request's draw is compared with the share."""
    few, many = (
        the_traffic(OPEN, first=f", bypass: {share}%").storable for share in (5, 20)
    )

    assert few is not None
    assert many is not None
    assert not (many & ~few).any()


def test_each_phase_has_a_share_of_its_own() -> None:
    """None of the first, all of the second."""
    phase = np.array([0, 1, 1, 0], dtype=np.int32)

    storable = BypassDraws(1, [0.0, 1.0]).storable(np.arange(4), phase)

    assert storable is not None
    assert storable.tolist() == [True, False, False, True]


@pytest.mark.parametrize(("second", "sent"), [("", set()), (", bypass: 100%", {False})])
def test_clients_who_wait_for_answers_send_some_too(
    second: str, sent: set[bool]
) -> None:
    """All of theirs, or none; those of the open loop stay storable."""
    sale = Scenario.parse(TEXT.format(first="", second=second))
    traffic = sale.traffic.generate(seed=1, duration_ns=sale.duration_ns)
    assert traffic.closed_loop is not None
    first = [traffic.closed_loop.send(number) for number in range(5)]

    assert {one.storable for one in first if not one.storable} == sent
