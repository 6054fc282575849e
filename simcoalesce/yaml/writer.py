"""Writer: values as YAML, on one line."""

import json
import re
from typing import Any, Final

from simcoalesce.json_text import json_text
from simcoalesce.visible import HIDDEN
from simcoalesce.yaml.plain_scalar import meaning

_PLAIN: Final = re.compile(r"[\w./%][\w ./%@+-]*(?<! )")


def flow_text(value: Any) -> str:
    """Return a value as YAML in flow style.

    >>> flow_text([True, "20ms", {"a": "1"}])
    '[true, 20ms, {a: "1"}]'
    """
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(flow_text, value))}]"
    if isinstance(value, dict):
        parts = (
            f"{scalar_text(key)}: {flow_text(part)}" for key, part in value.items()
        )
        return f"{{{', '.join(parts)}}}"
    return scalar_text(value) if isinstance(value, str) else json.dumps(value)


def scalar_text(text: str) -> str:
    """Return a text as YAML: without quotes where it then still is the same text."""
    is_plain = _PLAIN.fullmatch(text) and meaning(text) == text
    return text if is_plain else HIDDEN.sub(_escaped, json_text(text))


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
