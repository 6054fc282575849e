"""A shard is every N-th point."""

import pytest

from simcoalesce.experiment.sweeps.shard import Shard


def test_the_shards_of_a_sweep_have_each_point_once() -> None:
    """Seven points in three shards: 3, 2 and 2."""
    indices = [[*Shard(number, 3).indices(7)] for number in (1, 2, 3)]

    assert indices == [[0, 3, 6], [1, 4], [2, 5]]


def test_a_shard_is_written_as_it_is_read() -> None:
    """Without it, there is one."""
    assert str(Shard.parse("3/16")) == "3/16"
    assert str(Shard()) == "1/1"


@pytest.mark.parametrize("written", ["0/2", "3/2", "1", "1/", "a/2", "1/0", "-1/2", ""])
def test_what_is_no_shard_is_refused(written: str) -> None:
    """With what to write."""
    with pytest.raises(ValueError, match=r"write e\.g\. 3/16"):
        Shard.parse(written)
