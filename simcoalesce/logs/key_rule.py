"""Key rules: what of a host and a URI is the key of a cache."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PARTS: Final = ("url", "host", "uri", "path", "query")
QUERIES: Final = ("keep", "sort", "drop")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_DEFAULT_PORTS: Final = (":443", ":80")
_IN_TEMPLATE: Final = re.compile(r"\{(\w*)\}")


class UrlParts(NamedTuple):
    """The parts of what was asked for; the query with its question mark."""

    host: str
    path: str
    query: str


def url_parts(host: str | None, uri: str) -> UrlParts:
    """Return the parts of a URI, absolute or not.

    >>> url_parts(None, "https://a.example:443/p?x=1")
    UrlParts(host='a.example', path='/p', query='?x=1')
    """
    found = _ABSOLUTE.match(uri)
    if found:
        host = host or found[1]
        uri = uri[found.end() :] or "/"
    path, mark, query = uri.partition("?")
    return UrlParts(host_name(host), path, mark + query)


def host_name(written: str | None) -> str:
    """Return a host in small letters, without a default port."""
    host = (written or "").lower()
    for port in _DEFAULT_PORTS:
        host = host.removesuffix(port)
    return host


@dataclass(frozen=True)
class QueryRule:
    """What becomes of a query string.

    Attributes:
        order: ``keep``, ``sort`` or ``drop``.
        ignore: Globs of the parameters that count for nothing, e.g. ``utm_*``.
    """

    order: str = "keep"
    ignore: tuple[str, ...] = ()

    def applied(self, query: str) -> str:
        """Return what of a query counts."""
        if self.order == "drop" or len(query) < 2:
            return ""
        if self.order == "keep" and not self.ignore:
            return query
        pairs = [pair for pair in query[1:].split("&") if not self._is_ignored(pair)]
        if self.order == "sort":
            pairs.sort()
        return "?" + "&".join(pairs) if pairs else ""

    def _is_ignored(self, pair: str) -> bool:
        name = pair.partition("=")[0]
        return any(fnmatchcase(name, glob) for glob in self.ignore)


@dataclass(frozen=True)
class KeyRule:
    """Of what a key is made.

    Attributes:
        template: Its parts in braces: ``{host}{path}``; ``{url}`` is host and URI.
        query: What becomes of the query string, where it is a part.
    """

    template: str = "{url}"
    query: QueryRule = QueryRule()

    def name(self, host: str | None, uri: str | None) -> str | None:
        """Return the key of a request; None if it asks for nothing."""
        if uri is None:
            return None
        if self.template == "{uri}" and self.query == QueryRule():
            return uri
        if self.template == "{url}" and self.query == QueryRule() and not host:
            return uri
        parts = url_parts(host, uri)
        query = self.query.applied(parts.query)
        whole = parts.path + query
        if self.template == "{url}":
            return (host_name(host) or _scheme_and_host(uri)) + whole
        values = {
            "host": parts.host,
            "path": parts.path,
            "query": query,
            "uri": whole,
            "url": parts.host + whole,
        }
        return _IN_TEMPLATE.sub(lambda one: values[one[1]], self.template)

    @property
    def has_host(self) -> bool:
        """Whether hosts are told apart."""
        return "{host}" in self.template or "{url}" in self.template


def _scheme_and_host(uri: str) -> str:
    found = _ABSOLUTE.match(uri)
    return found[0] if found else ""


def _template(written: Any) -> str:
    if isinstance(written, str) and "{" in written:
        parts = _IN_TEMPLATE.findall(written)
        text = written
    else:
        parts = [written] if isinstance(written, str) else written
        if not isinstance(parts, Iterable) or not (parts := list(parts)):
            raise ValueError(f"{written!r} is not a key; write e.g. [host, path]")
        text = "".join(f"{{{part}}}" for part in parts)
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        raise ValueError(
            f'"{unknown[0]}" is no part of a URL; parts are {", ".join(PARTS)}'
        )
    return text


def _written_template(template: str) -> str | list[str]:
    parts = _IN_TEMPLATE.findall(template)
    if "".join(f"{{{part}}}" for part in parts) != template:
        return template
    return parts[0] if len(parts) == 1 else parts


KeyTemplate = Annotated[
    str,
    BeforeValidator(_template),
    PlainSerializer(_written_template),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string"},
                {"type": "array", "items": {"enum": list(PARTS)}},
            ],
            "examples": ["url", "path", ["host", "path"], "{host}{path}"],
        }
    ),
]
"""Which parts of a URL are the key: one, a list, or a template."""


def _query_rule(written: Any) -> QueryRule:
    if isinstance(written, QueryRule):
        return written
    if isinstance(written, str) and written in QUERIES:
        return QueryRule(written)
    if isinstance(written, dict) and set(written) <= {"ignore", "sort"}:
        ignore = written.get("ignore", [])
        globs = [ignore] if isinstance(ignore, str) else ignore
        if isinstance(globs, (list, tuple)) and all(isinstance(g, str) for g in globs):
            order = "sort" if written.get("sort") is True else "keep"
            return QueryRule(order, tuple(globs))
    raise ValueError(
        f"{written!r} is not a rule for queries; write keep, sort, drop or"
        " {ignore: [utm_*, fbclid]}"
    )


def _written_query(rule: QueryRule) -> str | dict[str, Any]:
    if not rule.ignore:
        return rule.order
    sort = {"sort": True} if rule.order == "sort" else {}
    return {"ignore": list(rule.ignore)} | sort


Query = Annotated[
    QueryRule,
    BeforeValidator(_query_rule),
    PlainSerializer(_written_query),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(QUERIES)},
                {
                    "type": "object",
                    "properties": {
                        "ignore": {"type": "array", "items": {"type": "string"}},
                        "sort": {"type": "boolean"},
                    },
                    "additionalProperties": False,
                },
            ],
            "examples": ["keep", "sort", "drop", {"ignore": ["utm_*"]}],
        }
    ),
]
"""What becomes of query strings."""
