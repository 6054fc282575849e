"""Times and numbers that no run can count."""

import pytest

from simcoalesce.scenario.bounds_rule import may_pass_horizon
from tests.unit.scenario.builders import TEXT, a_scenario, only_error

DAYS = "36000d"
MMPP = "{kind: mmpp, quiet: 1/s, busy: 2/s, quiet_for: 1ns, busy_for: 1ns}"


@pytest.mark.parametrize(
    ("change", "where", "said"),
    [
        (
            f"origin.latency={DAYS} -s duration={DAYS}",
            "path[2].origin.latency",
            "197 years in all, is beyond the horizon of 146 years (2^62 ns)",
        ),
        (
            f"path=[{{retry: {{attempts: 2, cap: {DAYS}}}}}, origin]",
            "path[0].retry.cap",
            "197 years in all, is beyond the horizon",
        ),
        (
            f"traffic.arrivals[0].at={DAYS} -s traffic.arrivals[0].within={DAYS}",
            "traffic.arrivals[0].within",
            "what the times of the phase add up to is beyond the horizon",
        ),
        (
            "path=[{refresh_timer: {every: 1ns}}, kv.write, origin]",
            "path[0].refresh_timer.every",
            "every: that is 300,000,000,000 times, at most 10,000,000",
        ),
        (
            "path=[{retry: {attempts: 1000}}, {retry: {attempts: 101}}, origin]",
            "path[1].retry.attempts",
            "one request may make 101,000 calls here, at most 100,000",
        ),
        (
            "path=[{fan_out: {calls: 1000}}, {retry: {attempts: 200}}, origin]",
            "path[1].retry.attempts",
            "one request may make 200,000 calls here",
        ),
        (
            "traffic.arrivals[0].every=1us",
            "traffic.arrivals[0].every",
            "every: that is 300,000,000 times",
        ),
        (
            f"traffic.arrivals=[{MMPP}]",
            "traffic.arrivals[0].quiet_for",
            "quiet_for: that is 300,000,000,000 times",
        ),
        (
            "path=[{lock: {poll: 1ns}}, origin]",
            "path[0].lock",
            "poll: that is 5,000,000,000 times, at most 100,000,000",
        ),
        (
            "path=[{distributed_lock: {poll: 1ns}}, redis.read, redis.write, origin]",
            "path[0].distributed_lock",
            "poll: that is 5,000,000,000 times",
        ),
        (
            'starts_at="9999-12-31T23:59:59Z"',
            "starts_at",
            "is beyond the horizon of 146 years (2^62 ns) from 1970",
        ),
    ],
    ids=lambda text: text[:40],
)
def test_what_nobody_waits_for_is_refused_with_its_line(
    change: str, where: str, said: str
) -> None:
    """Before anything is run, with what to write."""
    error = only_error(TEXT, overrides=tuple(change.split(" -s ")))

    assert error.where == where
    assert said in error.message


def test_the_longest_time_of_a_layer_is_pointed_at() -> None:
    """Where several add up."""
    more = f"kv: {{write_latency: 80d, read_latency: {DAYS}}}\nduration: {DAYS}\n"
    text = TEXT.replace("kv:\n  write_latency: 80ms\n", more)

    assert only_error(text).position.line == text[: text.index(DAYS)].count("\n") + 1


def test_what_queues_may_pass_the_horizon() -> None:
    """800 requests, one after the other, a year each; in parallel they take one."""
    slow = ("origin.latency=365d", "origin.concurrency=1")

    assert may_pass_horizon(a_scenario(overrides=slow))
    assert not may_pass_horizon(a_scenario())


@pytest.mark.parametrize(
    "limit",
    [
        "{kind: leaky_bucket, bucket: 1G, leak: 1/36000d}",
        "{kind: token_bucket, burst: 1G, rate: 1/36000d}",
    ],
)
def test_a_bucket_may_take_longer_to_fill_than_the_horizon(limit: str) -> None:
    """A billion calls, 98.6 years for each, do not fit in 64 bits."""
    assert may_pass_horizon(a_scenario(overrides=(f"origin.rate_limit={limit}",)))


def test_a_month_of_a_billion_requests_stays_below_it() -> None:
    """With retries, an object for each key, and a limit of one write a second."""
    month = (
        "duration=30d",
        "traffic.arrivals=[{kind: rate, rate: 400/s}]",
        "traffic.keys={kind: zipf, n: 10k, s: 1}",
        "path=[retry, kv.read, {durable_object: {capacity: 1k/s}}, kv.write, origin]",
        "origin.concurrency=20",
    )

    assert not may_pass_horizon(a_scenario(overrides=month))
