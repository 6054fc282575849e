"""When an origin says 429."""

from importlib.resources import files
from typing import Annotated, Any, ClassVar, Final, Protocol

from pydantic import BeforeValidator

from simcoalesce.spec import Spec
from simcoalesce.yaml.node import plain
from simcoalesce.yaml.parser import parsed_yaml
from simcoalesce.yaml.source_text import source_of


class Limiter(Protocol):
    """The state of one rate limit in one run. Instants never go back."""

    def wait_ns(self, at_ns: int) -> int:
        """Return 0 if a call is admitted now, else how long until one is."""

    def take(self, at_ns: int, completes_at_ns: int) -> None:
        """Count an admitted call."""


class RateLimit(Spec):
    """A rule that admits some calls of an origin and refuses the others."""

    family: ClassVar[str] = "simcoalesce.model.rate_limits"

    kind: str

    def limiter(self) -> Limiter:
        """Return the rule's state at the start of a run."""
        raise NotImplementedError

    def allowance(self, until_ns: int) -> float | None:
        """Return how many calls the rule can admit in [0, until_ns), at most.

        None if the number depends on how long calls take.
        """
        raise NotImplementedError


_PRESET_FILE: Final = "rate_limit_presets.yaml"


def presets() -> dict[str, Any]:
    """Return the named limits of real services, each as a scenario would write it."""
    text = files("simcoalesce.model").joinpath(_PRESET_FILE).read_text("utf-8")
    node, _ = parsed_yaml(text, source_of(text, _PRESET_FILE))
    assert node is not None
    return {name: preset["limits"] for name, preset in plain(node).items()}


def _listed(value: Any) -> Any:
    if value is None or value == "unlimited":
        return []
    if isinstance(value, str):
        known = presets()
        if value not in known:
            raise ValueError(
                f'no rate limit is named "{value}"; there are: {", ".join(known)}'
            )
        return known[value]
    return list(value) if isinstance(value, (list, tuple)) else [value]


RateLimits = Annotated[tuple[RateLimit, ...], BeforeValidator(_listed)]
"""One limit, a list of them (all must admit), or the name of a preset."""
