"""The format of an nginx ``log_format`` line: each of its variables is a column.

Source: nginx.org/en/docs/http/ngx_http_log_module.html, 30 Nov 2026: a line is written
when the request has been answered, so $msec and $time_local are ends; $request_time and
$upstream_response_time are seconds with milliseconds.
"""

import re
from typing import Final

_FIELDS: Final = {
    "time": ("msec", "time_iso8601", "time_local"),
    "duration": ("request_time",),
    "method": ("request_method",),
    "host": ("host", "http_host", "server_name", "ssl_server_name"),
    "uri": ("request_uri",),
    "path": ("uri", "document_uri"),
    "query": ("args", "query_string"),
    "status": ("status",),
    "cache": ("upstream_cache_status",),
    "origin_duration": ("upstream_response_time",),
    "origin_status": ("upstream_status",),
}
"""Which variables say a standard field, the best one first."""
_VARIABLE: Final = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_ADJACENT: Final = re.compile(r"(?:\$\{\w+\}|\$\w+)(?=\$)")
_DIRECTIVE: Final = re.compile(
    r"\s*log_format\s+\S+\s+(?:escape=\w+\s+)?(.*)", re.DOTALL
)
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_LONGEST: Final = 4_000
_MOST_ADJACENT: Final = 2
"""So often may a variable follow another with nothing between them."""
_SEVERAL: Final = r'(?:[^\s,"]+(?:(?:,| :) [^\s,"]+)*)?'
"""What upstreams say, of each that was tried: ``0.010, 0.020 : 0.001``."""
_REQUEST: Final = (
    r"(?P<{method}>[A-Za-z-]++) (?P<{uri}>(?:[^ \"\\]++|\\.)++)(?: [^\"]*+)?"
)


def is_nginx_format(written: str) -> bool:
    """Return whether a format is written as nginx writes it."""
    return "$" in written


def nginx_pattern(written: str) -> str:
    """Return the pattern of the lines that a ``log_format`` makes.

    Args:
        written: The format, or the whole directive as it stands in nginx.conf.

    Raises:
        ValueError: If it has no variable that says a time, is too long, or does not say
            where its variables end.
    """
    if len(written) > _LONGEST:
        raise ValueError(f"a log_format of more than {_LONGEST:,} characters")
    text = _format_of(written)
    if len(_ADJACENT.findall(text)) > _MOST_ADJACENT:
        raise ValueError(
            f"more than {_MOST_ADJACENT} variables of the log_format follow another at"
            " once, so it is not certain where they end; write a blank between them"
        )
    variables = [first or second for first, second in _VARIABLE.findall(text)]
    names = _group_names(variables)
    if "time" not in names.values():
        raise ValueError(
            "the log_format logs no time; it needs $msec, $time_iso8601 or $time_local"
        )
    parts: list[str] = []
    end, used = 0, set[str]()
    for found in _VARIABLE.finditer(text):
        parts.append(re.escape(text[end : found.start()]))
        end = found.end()
        variable = found[1] or found[2]
        parts.append(_group(variable, names, used, text[end : end + 1]))
    return "".join(parts) + re.escape(text[end:]) + "$"


def _format_of(written: str) -> str:
    directive = _DIRECTIVE.fullmatch(written)
    if directive is None:
        return written.strip()
    quoted = _QUOTED.findall(directive[1].rstrip().removesuffix(";"))
    joined = "".join(single or double for single, double in quoted)
    return re.sub(r"\\(.)", r"\1", joined)


def _group_names(variables: list[str]) -> dict[str, str]:
    """Return the standard field that each variable says; of several, the best one."""
    names = {}
    for name, known in _FIELDS.items():
        best = next((one for one in known if one in variables), None)
        if best is not None:
            names[best] = name
    if {"uri", "path"} <= set(names.values()):
        names = {
            one: name for one, name in names.items() if name not in {"path", "query"}
        }
    return names


def _group(variable: str, names: dict[str, str], used: set[str], after: str) -> str:
    if variable == "request":
        said = set(names.values())
        method = "request_method" if "method" in said else "method"
        uri = "request_line_uri" if said & {"uri", "path"} else "uri"
        return _REQUEST.replace("{method}", method).replace("{uri}", uri)
    name = names.get(variable, variable)
    value = f"[^{re.escape(after)}]*" if after else ".*?"
    if after == "$":
        value = ".{0,256}?"  # It ends where the next variable begins, e.g. a host.
    if variable.startswith("upstream_"):
        value = _SEVERAL
    if name in used or not name.isidentifier():
        return f"(?:{value})"
    used.add(name)
    return f"(?P<{name}>{value})"
