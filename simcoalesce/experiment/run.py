"""One run: the way from a scenario to its outcomes."""

from dataclasses import replace

from simcoalesce.experiment.engine import Engine, simulate
from simcoalesce.outcomes import Outcomes
from simcoalesce.scenario.scenario import Scenario


def run(
    scenario: Scenario,
    *,
    seed: int | None = None,
    engine: Engine | None = None,
    repeats: int = 1,
) -> Outcomes:
    """Simulate a scenario once.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.
        engine: Which engine; the scenario's own choice if absent. It changes no byte.
        repeats: How many runs of this kind are to come, this one included: a hint on
            what is worth compiling.

    Returns:
        The three tables of the run. The same scenario and seed give the same bytes.
    """
    seed = scenario.seed if seed is None else seed
    crowd = scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)
    outcomes = simulate(
        scenario,
        crowd,
        seed=seed,
        engine=engine or scenario.engine,
        repeats=repeats,
    )
    return replace(outcomes, warnings=tuple(crowd.warnings))
