"""load_shed: which requests are refused, from which load on."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from simcoalesce.model import edge
from simcoalesce.model.layer import Layer
from simcoalesce.outcomes import Outcomes
from tests.builders import (
    MS,
    a_path,
    an_origin,
    at_ms,
    calls_ms,
    even,
    latencies_ms,
    simulated,
    statuses,
)

KEYS = ("vip/1", "vip/2", "shop/1", "shop/2")


def shed(*before: Any, classes: list[dict[str, Any]], **fields: Any) -> list[Layer]:
    """Return a path with a load shedder before an origin of 100 ms."""
    layer = {"load_shed": {"classes": classes, **fields}}
    return a_path(*before, layer, an_origin("100ms"))


def served(path: list[Layer], keys: list[int]) -> Outcomes:
    """Return a run in which requests for keys come a millisecond apart."""
    requests = at_ms(*range(len(keys)), key=keys)
    return edge.simulate(path, [requests], seed=1, keys=KEYS, locations=("at-0",))


def test_requests_are_refused_while_so_many_are_under_way() -> None:
    """Two until 100 and 101 ms; what ends at t makes room at t."""
    outcomes = simulated(shed(classes=[{"above": 2}]), at_ms(0, 1, 2, 99, 100, 100))

    assert statuses(outcomes) == [200, 200, 503, 503, 200, 503]
    assert (latencies_ms(outcomes)[2], outcomes.usage["load_shed"]) == (0, 3)


def test_lower_classes_are_refused_first() -> None:
    """One under way is too many for a shop, three are for a tenant that is vip."""
    path = shed(classes=[{"tenants": ["vip"], "above": 3}, {"above": 1}])
    outcomes = served(path, [2, 3, 0, 1, 0])

    assert statuses(outcomes) == [200, 503, 200, 200, 503]


def test_the_first_class_that_fits_decides() -> None:
    """One key of a tenant may do less than its others."""
    vip = {"tenants": ["vip"], "above": 9}
    path = shed(classes=[{"keys": ["vip/2"], "above": 0}, vip])

    assert statuses(served(path, [1, 0])) == [503, 200]


def test_who_is_in_no_class_is_never_refused() -> None:
    """And counts for the others."""
    path = shed(classes=[{"keys": ["vip/2"], "above": 3}])

    assert statuses(served(path, [2, 2, 2, 2, 1])) == [*[200] * 4, 503]


def test_a_share_of_the_requests_is_drawn() -> None:
    """Of 4,000 a tenth and a fifth, within four standard deviations of 19 and 25."""
    path = shed(
        classes=[
            {"share": "10%", "above": 0},
            {"share": "20%", "above": 10**6},
            {"above": 0},
        ]
    )
    outcomes = simulated(path, even(4_000, 1 * MS))

    assert abs(statuses(outcomes).count(200) - 800) < 4 * 25.3


def test_a_larger_share_adds_requests_to_a_class() -> None:
    """Who is in it with 10 % is in it with 30 %: variants share their draws."""
    few, many = (
        np.array(statuses(simulated(shed(classes=[shares]), even(500, 1 * MS)))) == 503
        for shares in (
            {"share": "10%", "above": 0},
            {"share": "30%", "above": 0},
        )
    )

    assert 0 < few.sum() < many.sum()
    assert (few <= many).all()


def test_all_attempts_of_a_request_are_of_its_class() -> None:
    """Refused once, a request of the class is refused for good."""
    retry = {"retry": {"backoff": "10ms", "attempts": 3}}
    path = shed(retry, classes=[{"share": "50%", "above": 0}])
    outcomes = simulated(path, even(100, 1 * MS))

    rows = outcomes.request_rows
    assert set(rows.attempts[rows.status == 503]) == {3}
    assert set(rows.attempts[rows.status == 200]) == {1}


def test_a_client_that_leaves_makes_room() -> None:
    """It leaves at 40 ms."""
    leaves = {"abandon": {"after": "40ms", "requests": [1]}}
    outcomes = simulated(shed(leaves, classes=[{"above": 1}]), at_ms(0, 39, 41))

    assert (statuses(outcomes), calls_ms(outcomes)) == ([499, 503, 200], [0, 41])


@pytest.mark.parametrize(
    ("kept_in", "admitted"), [("isolate", 4), ("location", 2), ("global", 1)]
)
def test_load_is_that_of_an_isolate_of_a_location_or_of_all(
    kept_in: str, admitted: int
) -> None:
    """One for each of them, of four isolates in two locations."""
    requests = at_ms(0, 0, 0, 0, location=[0, 0, 1, 1], isolate=[0, 1, 2, 3])
    path = shed(classes=[{"above": 1}], kept_in=kept_in)

    assert statuses(simulated(path, requests)).count(200) == admitted


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([], "classes"),
        ([{"above": 1}, {"keys": ["a"], "above": 2}], "last"),
        ([{"keys": ["a"], "share": "5%", "above": 2}], "one of them"),
        ([{"share": "60%", "above": 2}, {"share": "41%", "above": 1}], "100 %"),
    ],
)
def test_classes_that_contradict_each_other_are_refused(
    classes: list[dict[str, Any]], message: str
) -> None:
    """With what to write instead."""
    with pytest.raises(ValidationError, match=message):
        shed(classes=classes)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("keys", r'classes\[0\].keys: no key is named "x"'),
        ("tenants", r'classes\[0\].tenants: no tenant is named "x"; .*: vip, shop'),
    ],
)
def test_a_key_or_tenant_that_the_traffic_has_not_is_refused(
    name: str, message: str
) -> None:
    """A class would be empty in silence."""
    with pytest.raises(ValueError, match=message):
        served(shed(classes=[{name: ["x"], "above": 1}]), [0])


def test_sentences_call_it_a_load_shedder() -> None:
    """As its refusals in a timeline do."""
    assert shed(classes=[{"above": 1}])[0].noun == "the load shedder"
