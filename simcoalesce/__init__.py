"""Simulate request coalescing at the edge: origin hits, refusals, latency and cost.

>>> from simcoalesce import Scenario, run
>>> scenario = Scenario.load("scenarios/flash-sale-9pm.yaml@per-key")
>>> len(run(scenario, seed=7).requests)
4000
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from simcoalesce.display import views_from
from simcoalesce.version import __version__ as __version__

if TYPE_CHECKING:
    from simcoalesce.api import charts, compare, page, sweep, why
    from simcoalesce.experiment.replicate import replicate
    from simcoalesce.experiment.result import Result
    from simcoalesce.experiment.saved import load_result
    from simcoalesce.experiment.single_run import run
    from simcoalesce.experiment.solve import solve
    from simcoalesce.experiment.sweeps.frames import pareto, sensitivity
    from simcoalesce.explain.explanation import explain
    from simcoalesce.fit.log_fit import fit_files as fit
    from simcoalesce.outcomes import Outcomes
    from simcoalesce.scenario.scenario import Scenario
    from simcoalesce.validation.validate import validate


__all__ = [
    "Outcomes",
    "Result",
    "Scenario",
    "charts",
    "compare",
    "explain",
    "fit",
    "load_result",
    "page",
    "pareto",
    "replicate",
    "run",
    "sensitivity",
    "solve",
    "sweep",
    "validate",
    "why",
]

_HOMES: Final = {
    "Outcomes": "simcoalesce.outcomes",
    "Result": "simcoalesce.experiment.result",
    "Scenario": "simcoalesce.scenario.scenario",
    "load_result": "simcoalesce.experiment.saved",
    "pareto": "simcoalesce.experiment.sweeps.frames",
    "replicate": "simcoalesce.experiment.replicate",
    "run": "simcoalesce.experiment.single_run",
    "sensitivity": "simcoalesce.experiment.sweeps.frames",
    "solve": "simcoalesce.experiment.solve",
    "validate": "simcoalesce.validation.validate",
}
"""Where a public name is defined, if not in `api`."""

views_from(lambda: import_module("simcoalesce.report.html.notebook"))


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: the command line starts faster."""
    if name in {"explain", "fit"}:  # packages that can be called
        return import_module(f"simcoalesce.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES.get(name, "simcoalesce.api")), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted([*__all__, "__version__"])
