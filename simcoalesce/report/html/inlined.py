"""Style and scripts of a written page: the files that all pages share, put into it."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

SHARED: Final = Path(__file__).parent / "static"
"""The folder of what all pages share, those that are served too."""
_STYLES: Final = (
    *("vendor/uplot/uPlot.min.css", "colours.css", "charts.css", "written.css"),
)
_VENDORED: Final = "vendor/uplot/uPlot.iife.min.js"
_LICENCE: Final = "vendor/uplot/LICENSE"
_ENTRY: Final = "written.js"
_IMPORT: Final = re.compile(r'^import \{[^}]*\} from "\./([\w.]+)";\n', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export ", re.MULTILINE)
_ESCAPES: Final = {ord(one): f"\\u{ord(one):04x}" for one in "<>&\u2028\u2029"}
"""What could end a script, or begin another one."""


@cache
def style() -> str:
    """Return the style of a page."""
    return "\n".join(_text(name) for name in _STYLES)


@cache
def scripts() -> tuple[str, ...]:
    """Return the scripts of a page: the library with its licence, and its own."""
    library = f"/* {_text(_LICENCE)}*/\n{_text(_VENDORED)}"
    own = "".join(_module(_ENTRY, set()))
    return library, f'"use strict";\n(() => {{\n{own}}})();\n'


def policy() -> str:
    """Return what a page may do: run these scripts, and load nothing at all."""
    hashes = " ".join(f"'sha256-{_digest(one)}'" for one in scripts())
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline';"
        " base-uri 'none'; form-action 'none'"
    )


def script_json(document: Mapping[str, Any]) -> str:
    """Return a document as JSON that is no HTML, whatever texts it has."""
    text = json.dumps(
        document, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.translate(_ESCAPES)


def _module(name: str, known: set[str]) -> list[str]:
    """Return a module without its imports, behind the modules that it needs."""
    known.add(name)
    text = _text(name)
    parts: list[str] = []
    for needed in _IMPORT.findall(text):
        if needed not in known:
            parts += _module(needed, known)
    return [*parts, _EXPORT.sub("", _IMPORT.sub("", text))]


def _text(name: str) -> str:
    return (SHARED / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return b64encode(sha256(script.encode()).digest()).decode()
