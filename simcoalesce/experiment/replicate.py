"""Replications: the same scenario under many seeds, and what they say together."""

from collections.abc import Callable, Mapping, Sequence
from math import fsum

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceList
from simcoalesce.experiment.caveat import caveats
from simcoalesce.experiment.estimate import estimates
from simcoalesce.experiment.result import Result
from simcoalesce.experiment.run import run
from simcoalesce.metrics import measure
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario


def replicate(
    scenario: Scenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    on_replication: Callable[[int, int], None] | None = None,
) -> Result:
    """Simulate a scenario under consecutive seeds.

    Two variants with the same seeds meet the same visitors with the same luck, so
    their results can be compared pair by pair.

    Args:
        scenario: What to simulate.
        replications: How many runs; the scenario's own number if absent.
        seed: Seed of the first run; the i-th has seed + i.
        on_replication: Called after each run with how many are done, and of how many.

    Returns:
        The estimates. After an interrupt, those of the runs that were complete.

    Raises:
        KeyboardInterrupt: If no run was complete.
    """
    first = scenario.seed if seed is None else seed
    wanted = scenario.replications if replications is None else replications
    prices = PriceList.load(scenario.price_list)
    shown: Outcomes | None = None
    usages: list[Mapping[str, float]] = []
    measured: list[Mapping[str, float | None]] = []
    try:
        for number in range(wanted):
            outcomes = run(scenario, seed=first + number)
            bill = Bill.of(outcomes.usage, prices, events=scenario.runs_per_month)
            measured.append(
                measure(
                    outcomes,
                    cost_usd=bill.cost_usd,
                    cost_month_usd=bill.cost_month_usd,
                )
            )
            usages.append(outcomes.usage)
            shown = shown or outcomes
            if on_replication is not None:
                on_replication(number + 1, wanted)
    except KeyboardInterrupt:
        if shown is None:
            raise
    if shown is None:
        raise ValueError("replications must be at least 1")
    values = estimates(measured)
    bill = Bill.of(_mean(usages), prices, events=scenario.runs_per_month)
    return Result(
        scenario=scenario,
        seed=first,
        replications=len(measured),
        estimates=values,
        outcomes=shown,
        bill=bill,
        expectations=tuple(
            expected.judge(values[expected.that.metric]) for expected in scenario.expect
        ),
        warnings=(*shown.warnings, *bill.warnings, *caveats(scenario, shown)),
        complete=len(measured) == wanted,
    )


def _mean(usages: Sequence[Mapping[str, float]]) -> dict[str, float]:
    return {
        unit: fsum(usage[unit] for usage in usages) / len(usages) for unit in usages[0]
    }
