"""One run: the way from a scenario to its outcomes."""

from dataclasses import replace

from simcoalesce.model.edge import simulate
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario


def run(scenario: Scenario, *, seed: int | None = None) -> Outcomes:
    """Simulate a scenario once.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.

    Returns:
        The three tables of the run. The same scenario and seed give the same bytes.
    """
    seed = scenario.seed if seed is None else seed
    crowd = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    outcomes = simulate(
        scenario.path,
        crowd.stretches,
        seed=seed,
        keys=crowd.keys,
        locations=crowd.locations,
        cpu_ns=scenario.worker.cpu_ns,
    )
    return replace(outcomes, warnings=tuple(crowd.warnings))
