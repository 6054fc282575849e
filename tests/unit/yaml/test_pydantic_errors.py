"""What is wrong with a value is said in a scenario's words, at its position."""

import pytest

from tests.unit.scenario.builders import errors_of, only_error, replaced

BURST = "{kind: burst, requests: 800, within: 400ms}"


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        (
            "write_latency: 80ms",
            "wirte_latency: 80ms",
            "kv.wirte_latency",
            'unknown key — did you mean "write_latency"?',
        ),
        (
            "write_latency: 80ms",
            "write_latency: 8 miles",
            "kv.write_latency",
            (
                '"8 miles" is not a duration; write a number and ns, us, ms, s, m, h'
                " or d (e.g. 80ms)"
            ),
        ),
        (
            "write_latency: 80ms",
            "write_latency: {median: 80ms}",
            "kv.write_latency",
            "p99 is missing; write e.g. p99: 80ms",
        ),
        (
            "write_latency: 80ms",
            "on_refused: explode",
            "kv.on_refused",
            '"explode" is not one of ignore, fail',
        ),
        ("version: 1", "version: 2", "version", '"2" is not allowed; write 1'),
        ("version: 1", "seed: 1.5", "seed", '"1.5" is not a whole number'),
        ("version: 1", "seed: true", "seed", '"true" is not a whole number'),
        ("version: 1", "seed: -1", "seed", '"-1" must be at least 0'),
        (
            "version: 1",
            "title: 2026",
            "title",
            '"2026" is not a text; write it in quotes: "2026"',
        ),
        (
            "version: 1",
            "worker: 3",
            "worker",
            '"3" is not a table; write {key: value, ...}',
        ),
        (
            "version: 1",
            "expect: errors == 0",
            "expect",
            '"errors == 0" is not a list; write [..., ...]',
        ),
        (
            "version: 1",
            "starts_at: 2026-06-05T21:00:00",
            "starts_at",
            (
                '"2026-06-05T21:00:00" is not an instant everywhere; add a time zone,'
                " e.g. +09:00 or Z"
            ),
        ),
        (
            "version: 1",
            "month: {events: 1, hours: 1}",
            "month",
            "write either events (e.g. 20k) or hours (e.g. 300)",
        ),
        (
            "version: 1",
            "write_latency: 3ms",
            "write_latency",
            "unknown key here; it belongs under cache_api:, durable_storage:, kv:",
        ),
        ("version: 1", "expect: [{}]", "expect[0]", "that is missing"),
        ("version: 1", "sede: 1", "sede", 'unknown key — did you mean "seed"?'),
        (
            "kind: burst",
            "kind: brst",
            "traffic.arrivals[0].kind",
            (
                'there is no kind "brst" — did you mean "burst"? There are: burst,'
                " even, flash_crowd, mmpp, prewarm, ramp, rate, replay, users"
            ),
        ),
        (
            "requests: 800, ",
            "",
            "traffic.arrivals[0]",
            "requests is missing; write e.g. requests: 10k",
        ),
        (
            "latency: 120ms",
            "latency: 120ms\n  faults: [{kind: first, calls: -3}]",
            "origin.faults[0].calls",
            '"-3" is not a count; write e.g. 800, 10k or 1.2M',
        ),
        (
            BURST,
            "{kind: rate, rate: 1/s, keys: {kind: uniform}}",
            "traffic.arrivals[0].keys.kind",
            'there is no kind "uniform". There are: one, weighted, zipf',
        ),
        (
            "write_latency: 80ms",
            "ttl: {kind: fixed, delay: 80ms}",
            "kv.ttl",
            (
                "a table is not a duration; write a number and ns, us, ms, s, m, h or d"
                " (e.g. 80ms)"
            ),
        ),
        (
            "version: 1",
            "claims: [{text: it, holds_if: {one way: zzz, another: errors == 0}}]",
            "claims[0].holds_if.one way",
            (
                '"zzz", character 1: no metric or unit "zzz". All names:'
                " docs/conditions.md"
            ),
        ),
    ],
)
def test_one_mistake_makes_one_error(
    old: str, new: str, where: str, message: str
) -> None:
    """With its way, and what to write instead."""
    error = only_error(replaced(old, new))

    assert (error.where, error.message) == (where, message)


@pytest.mark.parametrize(
    ("text", "line", "column", "width"),
    [
        (replaced("write_latency", "wirte"), 7, 3, 5),
        (replaced("80ms", "8 miles"), 7, 18, 7),
        (replaced("kind: burst", "kind: brst"), 5, 14, 4),
        (replaced("requests: 800, ", ""), 5, 7, 1),
        (replaced("version: 1", "month: {}"), 1, 1, 5),
        (replaced("version: 1", "keys: one"), 1, 1, 4),
    ],
)
def test_an_error_stands_where_the_mistake_is(
    text: str, line: int, column: int, width: int
) -> None:
    """At the key, the value or the kind."""
    position = only_error(text).position

    assert (position.line, position.column, position.width) == (line, column, width)


def test_a_family_that_is_named_by_a_word_says_what_to_write() -> None:
    """``keys: zipf`` is nearly right."""
    text = replaced("  arrivals:", "  keys: zipf\n  arrivals:")

    assert only_error(text).message == "write {kind: zipf}, with its parameters"


def test_a_value_of_several_forms_is_measured_by_the_one_it_has() -> None:
    """Of ``key | global | {shards: n}``, a table is taken for the last."""
    wrong = errors_of(replaced("kv:", "durable_object: {id_from: {shard: 3}}\nkv:"))

    assert [(c.where, c.message) for c in wrong] == [
        ("durable_object.id_from", "shards is missing; write e.g. shards: 10k"),
        ("durable_object.id_from.shard", 'unknown key — did you mean "shards"?'),
    ]


def test_a_word_of_several_forms_is_measured_by_the_words() -> None:
    """It is not blamed for being no table."""
    message = only_error(replaced("kv:", "durable_object: {id_from: kye}\nkv:")).message

    assert message == '"kye" is not one of key, global — did you mean "key"?'


def test_everything_that_is_wrong_is_told_at_once() -> None:
    """In the order of the file."""
    text = (
        replaced("80ms", "8 miles")
        .replace("within", "whithin")
        .replace("path:", "pth:")
    )
    wrong = errors_of(text)

    assert [c.line for c in wrong] == [1, 5, 5, 7, 10]


def test_no_message_speaks_of_the_validator() -> None:
    """Users write YAML and never heard of it."""
    text = (
        "version: []\nname: 7\nseed: x\ntraffic: {arrivals: 3, keys: {}}\nexpect: {}\n"
    )
    said = " ".join(c.message for c in errors_of(text + "path: [origin]\n"))

    for word in ("pydantic", "Input should", "dict", "tuple", "str", "http"):
        assert word not in said


def test_thousands_of_mistakes_are_read_in_a_moment() -> None:
    """And the text is cut."""
    text = replaced("version: 1", "".join(f"key{i}: 1\n" for i in range(4_000)))

    assert len(errors_of(text)) == 200
