"""Problems: what is wrong with a question, each beside the control that it is about."""

from collections.abc import Iterator
from typing import Any, Final

from simcoalesce.visible import visible
from simcoalesce.yaml.validation_error import InvalidScenario

_MOST: Final = 10
_OF_OVERRIDE: Final = "-s "


def problems_document(error: Exception, what: str) -> dict[str, Any]:
    """Return what is wrong, as plain values.

    Args:
        error: What was raised.
        what: What was asked for: ``change``, ``why`` or ``explain``.
    """
    return {"of": what, "problems": [*_problems(error)][:_MOST]}


def _problems(error: Exception) -> Iterator[dict[str, str]]:
    if not isinstance(error, InvalidScenario):
        yield {"key": "", "where": "", "message": visible(str(error) or "no answer")}
        return
    for one in error.errors:
        is_ours = one.file.startswith(_OF_OVERRIDE)
        key = one.file.removeprefix(_OF_OVERRIDE).partition("=")[0] if is_ours else ""
        where = visible(one.where)
        yield {"key": key.strip(), "where": where, "message": visible(one.message)}
