"""Key rules."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.logs.key_rule import KeyRule, KeyTemplate, Query, url_parts

TEMPLATE: TypeAdapter[str] = TypeAdapter(KeyTemplate)
QUERY: TypeAdapter[Any] = TypeAdapter(Query)


def _name(
    key: Any, uri: str, host: str | None = None, query: Any = "keep"
) -> str | None:
    rule = KeyRule(TEMPLATE.validate_python(key), QUERY.validate_python(query))
    return rule.name(host, uri)


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("url", "a.example/p?x=1"),
        ("uri", "/p?x=1"),
        ("path", "/p"),
        (["host", "path"], "a.example/p"),
        ("{host}{path}", "a.example/p"),
        ("https://{host}{uri}", "https://a.example/p?x=1"),
        (["path", "query"], "/p?x=1"),
    ],
)
def test_a_key_is_made_of_the_parts_of_a_url(key: Any, expected: str) -> None:
    """One part, a list or a template; default ports and capitals of hosts are none."""
    assert _name(key, "/p?x=1", "A.example:443") == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("keep", "/p?b=2&utm_source=x&a=1"),
        ("sort", "/p?a=1&b=2&utm_source=x"),
        ("drop", "/p"),
        ({"ignore": ["utm_*", "b"]}, "/p?a=1"),
        ({"ignore": "utm_*", "sort": True}, "/p?a=1&b=2"),
        ({"ignore": ["*"]}, "/p"),
    ],
)
def test_queries_are_kept_sorted_or_dropped(query: Any, expected: str) -> None:
    """Named parameters may be ignored, by globs."""
    assert _name("url", "/p?b=2&utm_source=x&a=1", query=query) == expected


def test_an_absolute_url_names_its_host() -> None:
    """As a key of its own it stays as it was written."""
    assert _name(["host", "path"], "https://a.example:443/p?x") == "a.example/p"
    assert _name("url", "https://a.example/p?x") == "https://a.example/p?x"
    assert url_parts(None, "http://a.example").path == "/"


@pytest.mark.parametrize("key", ["sha", [], ["host", "port"], "{port}", 3])
def test_what_is_no_part_is_refused(key: Any) -> None:
    """The message lists the parts."""
    with pytest.raises(ValidationError, match=r"part of a URL|is not a key"):
        TEMPLATE.validate_python(key)


@pytest.mark.parametrize("query", ["no", 1, {"only": ["a"]}, {"ignore": [1]}])
def test_what_is_no_rule_for_queries_is_refused(query: Any) -> None:
    """The message says what is."""
    with pytest.raises(ValidationError, match="keep, sort, drop or"):
        QUERY.validate_python(query)


@pytest.mark.parametrize("key", ["url", ["host", "path"], "x{host}{path}"])
def test_a_rule_is_written_as_it_was_read(key: Any) -> None:
    """What a document says can be read again."""
    assert TEMPLATE.dump_python(TEMPLATE.validate_python(key)) == key
    for query in ("sort", {"ignore": ["a"], "sort": True}):
        assert QUERY.dump_python(QUERY.validate_python(query)) == query
