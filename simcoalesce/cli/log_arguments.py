"""Arguments that say which log is read, and how; what is wrong with them says which."""

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

if TYPE_CHECKING:
    from simcoalesce.logs.log_spec import LogSpec


def key_parts(key: str) -> str | list[str]:
    """Return --key as a scenario writes it: a template, or parts."""
    return key if "{" in key else [part.strip() for part in key.split(",")]


def log_spec(said: dict[str, Any]) -> "LogSpec":
    """Return what a scenario would say of a log.

    Raises:
        ValueError: If something of it is wrong.
    """
    from simcoalesce.logs.log_spec import LogSpec  # noqa: PLC0415 - slow

    try:
        return LogSpec.model_validate(said)
    except ValidationError as error:
        # What pydantic adds is of a scenario, and there is none.
        first = error.errors()[0]
        where, why = first["loc"][-1] if first["loc"] else "", first["msg"]
        raise ValueError(f"{where}: {why.removeprefix('Value error, ')}") from None
