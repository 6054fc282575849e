"""Where requests land."""

from math import sqrt

import numpy as np

from simcoalesce.randomness import Stream
from simcoalesce.traffic.routing import Routing, jump_hash, ring_of
from simcoalesce.traffic.weights import table_of

N = 40_000
REQUESTS = np.arange(N)
ZEROS = np.zeros(N, dtype=np.int64)


def _jump_hash_alone(key: int, buckets: int) -> int:
    """Return the bucket as the paper's figure 1 writes it."""
    bucket, jump = -1, 0
    while jump < buckets:
        bucket = jump
        key = (key * 2862933555777941757 + 1) % (1 << 64)
        jump = int((bucket + 1) * ((1 << 31) / ((key >> 33) + 1)))
    return bucket


def test_jump_hash_is_the_papers() -> None:
    """In bulk it gives the buckets of the published loop."""
    bits = Stream(1, "test").bits_of(np.arange(500))

    assert jump_hash(bits, 17).tolist() == [_jump_hash_alone(int(b), 17) for b in bits]


def test_one_bucket_more_moves_few_keys() -> None:
    """From 10 to 11 isolates about one key in 11 moves, and only to the new one."""
    bits = Stream(1, "test").bits_of(REQUESTS)
    before, after = jump_hash(bits, 10), jump_hash(bits, 11)
    moved = before != after

    assert set(after[moved].tolist()) == {10}
    # 4 standard errors of a share of 1/11.
    assert abs(moved.mean() - 1 / 11) < 4 * sqrt(10 / 121 / N)


def test_locations_follow_their_weights() -> None:
    """Three of four requests come in where the weight is 3 of 4."""
    routing = Routing(seed=2, locations=table_of((3.0, 1.0)), isolates=1)

    # 4 standard errors of a share of 1/4.
    assert abs(routing.location(REQUESTS).mean() - 1 / 4) < 4 * sqrt(3 / 16 / N)


def test_random_routing_uses_every_isolate_alike() -> None:
    """Each of 8 isolates gets an eighth."""
    routing = Routing(seed=2, locations=table_of((1.0,)), isolates=8)

    counts = np.bincount(routing.isolate(REQUESTS, ZEROS, ZEROS), minlength=8)

    # 4 standard errors of a count of probability 1/8.
    assert (abs(counts - N / 8) < 4 * sqrt(N * 7 / 64)).all()


def _hashed(spill_over_ratio: float) -> np.ndarray:
    routing = Routing(
        seed=2,
        locations=table_of((1.0,)),
        isolates=100,
        ring=ring_of(("a", "b")),
        spill_over_ratio=spill_over_ratio,
    )
    return routing.isolate(REQUESTS, ZEROS, ZEROS)


def test_consistent_hashing_gives_a_key_one_home() -> None:
    """Without spill-over all requests of a key land on one isolate of a location."""
    assert len(set(_hashed(0).tolist())) == 1


def test_spilled_requests_land_anywhere() -> None:
    """With 20 % spill-over a fifth leave home, but one in a hundred of them."""
    home = _hashed(0)[0]
    away = (_hashed(0.2) != home).mean()

    # 4 standard errors of a share of 0.2 * 99/100.
    assert abs(away - 0.198) < 4 * sqrt(0.198 * 0.802 / N)
