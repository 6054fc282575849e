"""How a fitted scenario states its traffic: by the log itself, or by a law."""

from typing import Any, Final, Literal

from numpy.typing import NDArray

from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.logs.key_rule import KeyRule
from simcoalesce.logs.log import Log

TrafficChoice = Literal["replay", "law"]

VARIANT: Final = "variants.law."


def chosen_traffic(choice: TrafficChoice) -> FittedValue:
    """Return what tells estimators how the traffic is to be stated."""
    why = "as asked for" if choice == "law" else "the log itself, request by request"
    return FittedValue("traffic", {}, why, text=choice, result=choice)


def variant_prefix(so_far: FittedValues) -> str:
    """Return where a law stands: in the scenario itself, or in its variant `law`."""
    return "" if so_far.result("traffic") == "law" else VARIANT


def keys_of(log: Log, so_far: FittedValues) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Return the key of each request as found, else its URL; and the keys' names."""
    found = so_far.result("key_rule")
    return log.keys(KeyRule()) if found is None else (found.code, found.names)
