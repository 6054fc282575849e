"""Same clients: a remedy serves the requests of the incident, all of them."""

from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic.arrival import Arrival


def check_same_clients(
    incident: Scenario, changed: Scenario, before: MetricValues, after: MetricValues
) -> None:
    """Refuse a change that loses requests, or brings others.

    In an open loop each run must have as many as the incident has under the same seed;
    in a closed loop, where answers decide that, the same users must come.

    Args:
        incident: What happened.
        changed: The same with a change.
        before: What was measured of the incident.
        after: What was measured with the change, under the first of the same seeds.

    Raises:
        AssertionError: If the clients are others.
    """
    if incident.traffic.is_closed:
        if _users(incident) != _users(changed):
            raise AssertionError("a change must keep the users of a closed loop")
        return
    came, come = (one.values["requests"] for one in (before, after))
    shortest = min(len(came), len(come))
    if came[:shortest] != come[:shortest]:
        raise AssertionError(
            f"a change must keep the requests: {came[:shortest]} of the incident's runs"
            f" are not {come[:shortest]} with {changed.sha256[:8]}"
        )


def _users(scenario: Scenario) -> list[Arrival]:
    """Return who waits for answers, but for when they stop."""
    ends = dict.fromkeys(("until_ns", "times", "within_ns"))
    phases = scenario.traffic.arrivals
    return [one.model_copy(update=ends) for one in phases if one.needs_answers]
