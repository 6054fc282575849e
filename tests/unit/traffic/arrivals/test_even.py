"""Even arrivals, exact to the nanosecond."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

InstantsOf = Callable[..., NDArray[np.int64]]


def test_every_request_is_exact(instants_of: InstantsOf) -> None:
    """800 requests every half millisecond come at i * 0.5 ms."""
    instants = instants_of({"kind": "even", "requests": 800, "every_request": "0.5ms"})

    assert instants.tolist() == [i * 500_000 for i in range(800)]


def test_a_rate_for_a_time_is_half_open(instants_of: InstantsOf) -> None:
    """4/s for one second is four requests: the one at 1 s does not come."""
    instants = instants_of({"kind": "even", "rate": "4/s", "for": "1s"})

    assert instants.tolist() == [0, 250_000_000, 500_000_000, 750_000_000]


def test_a_rate_lasts_to_the_end_by_default(instants_of: InstantsOf) -> None:
    """Without for: it lasts as long as the scenario."""
    assert len(instants_of({"kind": "even", "rate": "10/s"}, until="3s")) == 30


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"requests": 8},
        {"every_request": "1ms"},
        {"for": "1s"},
        {"requests": 8, "rate": "1/s"},
        {"requests": 8, "every_request": "1ms", "for": "1s"},
        {"requests": 0, "every_request": "1ms"},
        {"requests": 8, "every_request": "0ms"},
        {"rate": "0/s"},
    ],
)
def test_half_of_a_description_is_refused(
    instants_of: InstantsOf, fields: dict[str, Any]
) -> None:
    """It is requests and every_request, or rate and for; nothing is zero."""
    with pytest.raises(ValidationError):
        instants_of({"kind": "even"} | fields)
