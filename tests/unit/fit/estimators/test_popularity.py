"""Which keys are asked for how often."""

from typing import Any

import numpy as np

from simcoalesce.fit.estimators.popularity import KeyPopularity
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.fit.traffic_choice import chosen_traffic
from tests.unit.fit.builders import a_log, generated

AS_LAW = FittedValues((chosen_traffic("law"),))
BASE = {"kind": "rate", "rate": "100/s"}


def popularity(keys: dict[str, Any], values: FittedValues = AS_LAW) -> FittedValue:
    """Return what a log of 6,000 requests tells."""
    at_s, key = generated([BASE], 60.0, keys=keys)
    found = KeyPopularity().estimate(
        a_log(at_s, [f"/p/{k}" for k in key.tolist()]), values
    )
    assert found is not None
    return found


def test_zipf_is_told_with_its_rows() -> None:
    """Exponent and number are drawn together."""
    found = popularity({"kind": "zipf", "s": 0.8, "n": 400})

    assert found.sets["traffic.keys"]["kind"] == "zipf"
    assert found.uncertain[0].keys() == {"traffic.keys.s", "traffic.keys.n"}


def test_a_few_keys_without_a_law_get_their_weights() -> None:
    """The most popular first."""
    weights = {f"k{n}": 100 if n < 20 else 1 for n in range(40)}
    found = popularity({"kind": "weighted", "weights": weights})

    written = found.sets["traffic.keys"]
    assert written["kind"] == "weighted"
    assert np.all(np.diff([*written["weights"].values()]) <= 0)
    assert found.rival is not None


def test_a_replay_has_keys_of_its_own() -> None:
    """The law is known all the same."""
    found = popularity({"kind": "zipf", "s": 0.8, "n": 400}, FittedValues())

    assert not found.sets
    assert not found.uncertain
    assert found.result["kind"] == "zipf"


def test_one_key_is_no_popularity() -> None:
    """It is not told."""
    found = KeyPopularity().estimate(a_log([0.0, 1.0]), AS_LAW)

    assert found is not None
    assert found.told == "not told"
