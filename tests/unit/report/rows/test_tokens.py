"""Tokens of a bucket over time."""

import numpy as np

from simcoalesce.model.rate_limits.token_bucket import TokenBucket
from simcoalesce.report.rows.tokens import fewest_tokens
from tests.unit.report.builders import S, calls_of


def test_a_bucket_is_emptied_and_filled_again() -> None:
    """Three of four tokens are taken at 1 s; the refused call takes none.

    One comes back each second: in the bin from 2 s on, two are there at its begin.
    """
    bucket = TokenBucket.model_validate({"rate": "1/s", "burst": 4})
    at_ns = [1 * S, 1 * S, 1 * S, 1 * S]
    calls = calls_of([0, 1, 2, 3], at_ns, at_ns, [200, 200, 503, 429])

    left = fewest_tokens(calls, bucket, np.arange(7) * S)

    assert left.tolist() == [4, 1, 2, 3, 4, 4]
