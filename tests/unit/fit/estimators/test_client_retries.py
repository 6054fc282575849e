"""Whether refused clients ask again."""

from dataclasses import replace

import numpy as np

from simcoalesce.fit.estimators.client_retries import RetriesAfterRefusals
from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from tests.unit.fit.builders import a_log


def retries(*, after_s: float, refused: int) -> FittedValue:
    """Return what is told of keys that are asked for twice; first ones are refused."""
    first = np.arange(100.0)
    at_s = np.concatenate([first, first + after_s])
    status = np.where(np.arange(200) < refused, 429, 200)
    order = np.argsort(at_s, kind="stable")
    uris = np.array([f"/{n % 100}" for n in range(200)])[order].tolist()
    log = replace(a_log(at_s[order], uris), status=status[order].astype(np.int16))
    found = RetriesAfterRefusals().estimate(log, FittedValues())
    assert found is not None
    return found


def test_who_asks_again_soon_after_a_refusal_retries() -> None:
    """100 keys are asked for again within 500 ms of a 429; by chance 4 would be."""
    found = retries(after_s=0.5, refused=100)

    assert found.told == "told"
    assert found.evidence.startswith("100 of 100 refusals are followed by their key")
    assert not found.sets


def test_who_comes_back_much_later_is_another_client() -> None:
    """After 50 s nobody retries."""
    found = retries(after_s=50.0, refused=100)

    assert found.told == "not told"
    assert "a log names no clients" in found.evidence


def test_a_few_refusals_tell_nothing() -> None:
    """29 are too few."""
    assert retries(after_s=0.5, refused=29).told == "not told"
