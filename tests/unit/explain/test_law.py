"""The law predicts a plain stampede, and says why where it does not."""

from simcoalesce.explain.law import Law, law
from tests.unit.explain.builders import a_scenario


def lawful(*overrides: str) -> Law:
    """Return the law of a scenario that has one."""
    found = law(a_scenario("origin.rate_limit=unlimited", *overrides), seed=1)
    assert found is not None
    return found


def test_calls_are_the_rate_times_the_open_door() -> None:
    """A thousand a second for 60 + 40 ms are a hundred."""
    found = lawful()

    assert found.agrees
    assert found.window_s == 0.1
    assert 95 < found.predicted < 107
    assert found.reasons == ()


def test_a_read_that_looks_at_its_start_opens_the_door_earlier() -> None:
    """What is written while it is under way it does not see."""
    assert abs(lawful("kv.read_at=start").window_s - 0.105) < 1e-9


def test_of_many_answers_the_fastest_closes_the_door() -> None:
    """With its latency in place of the mean the law agrees better."""
    found = lawful("origin.latency={median: 60ms, p99: 600ms}")
    simulated = found.simulated.mean or 0.0

    assert "fastest" in found.reasons
    assert abs(found.corrected - simulated) < abs(found.predicted - simulated)


def test_front_loaded_arrivals_are_denser_than_their_mean() -> None:
    """So more of them come while the door is open."""
    found = lawful("traffic.arrivals[0].shape=front_loaded")

    assert "front_loaded" in found.reasons
    assert (found.simulated.mean or 0.0) > found.predicted


def test_shared_flights_break_the_law() -> None:
    """A miss that follows another is no call."""
    found = lawful("path=[kv.read, durable_object, kv.write, origin]")

    assert not found.agrees
    assert found.reasons == ("shared",)


def test_a_path_without_a_cache_has_no_law() -> None:
    """Its door never closes."""
    assert law(a_scenario("path=[origin]"), seed=1) is None
