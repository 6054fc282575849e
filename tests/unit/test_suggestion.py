"""Names that are nearly right are recognised."""

import time

import pytest

from simcoalesce.suggestion import did_you_mean, listed, nearest


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("wirte", "write_latency"),
        ("kv_read", "kv.read"),
        ("KV-Read", "kv.read"),
        ("durable_objct", "durable_object"),
        ("banana", None),
    ],
)
def test_the_nearest_name_is_found(name: str, meant: str | None) -> None:
    """Case, dots and dashes do not count, nor do further words."""
    known = ["kv.read", "write_latency", "durable_object"]

    assert nearest(name, known) == meant


def test_nothing_is_suggested_for_nothing_near() -> None:
    """The message then ends without a question."""
    assert did_you_mean("banana", ["kv.read"]) == ""


def test_a_very_long_name_costs_no_time() -> None:
    """It is not compared."""
    started = time.process_time()

    assert nearest("x" * 1_000_000, ["x"] * 1_000) is None
    assert time.process_time() - started < 1


def test_long_lists_are_cut() -> None:
    """A reader needs an idea, not all of it."""
    assert listed(map(str, range(5)), most=3) == "0, 1, 2 and 2 more"
