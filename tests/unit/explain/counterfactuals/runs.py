"""What replications measured, and goals for them, without a simulation."""

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.explain.counterfactuals.goal import Goal
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import Expectation


def expected(text: str) -> Expectation:
    """Return what a file would expect."""
    return Expectation.model_validate(text)


def measured(**values: tuple[float | None, ...]) -> MetricValues:
    """Return what three replications measured; 0 where nothing is said."""
    zeros = dict.fromkeys(METRICS, (0.0, 0.0, 0.0))
    return MetricValues(1, {**zeros, **values})


BEFORE = measured(
    origin_hits=(100, 102, 98),
    errors=(40, 41, 39),
    origin_accepted=(60, 61, 59),
    origin_rejected=(40, 41, 39),
)

FEW_CALLS = Goal((expected("origin_hits <= 30"),))
NO_ERRORS = Goal((expected("errors == 0"),))
