"""Simulate request coalescing at the edge: origin hits, refusals, waits and cost.

>>> from simcoalesce import Scenario, run
>>> scenario = Scenario.load("scenarios/flash-sale-9pm.yaml@per-key")  # doctest: +SKIP
>>> run(scenario, seed=7).requests  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from simcoalesce.experiment.frames import compare, sweep
    from simcoalesce.experiment.replicate import replicate
    from simcoalesce.experiment.result import Result
    from simcoalesce.experiment.run import run
    from simcoalesce.outcomes import Outcomes
    from simcoalesce.scenario.scenario import Scenario

__version__ = "0.1.0"
__all__ = ["Outcomes", "Result", "Scenario", "compare", "replicate", "run", "sweep"]

_HOMES: Final = {
    "Outcomes": "simcoalesce.outcomes",
    "Result": "simcoalesce.experiment.result",
    "Scenario": "simcoalesce.scenario.scenario",
    "compare": "simcoalesce.experiment.frames",
    "replicate": "simcoalesce.experiment.replicate",
    "run": "simcoalesce.experiment.run",
    "sweep": "simcoalesce.experiment.frames",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line starts faster."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
