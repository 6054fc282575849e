"""What a log must be to be fitted, and what its reader must know."""

from dataclasses import replace

import numpy as np
import pytest

from simcoalesce.fit.fitted_value import FittedValue, FittedValues
from simcoalesce.fit.log_check import check_log, given_values, warnings_of
from simcoalesce.logs.key_rule import KeyRule
from tests.unit.fit.builders import S, a_log


def test_several_lines_for_a_request_are_refused() -> None:
    """Of ten requests, each is there twice, to the nanosecond."""
    log = replace(
        a_log(np.repeat(np.arange(10.0), 2)), fields={"duration": "request_time"}
    )

    with pytest.raises(ValueError, match="10 of 20 are the same as another one"):
        check_log(log)


def test_requests_of_one_second_are_no_copies() -> None:
    """Coarse stamps say nothing of that."""
    log = a_log(np.repeat(np.arange(10.0), 2), stamp_ns=S)

    check_log(replace(log, fields={"duration": "request_time"}))


def test_a_key_rule_as_asked_for_is_not_looked_for() -> None:
    """It is the value of that name."""
    log = a_log([0.0, 1.0], ["/a?x=1", "/a?x=2"])

    given = given_values(log, "replay", KeyRule("{path}"))

    assert given.result("key_rule").names == ("/a",)
    assert given.result("traffic") == "replay"


def test_bursts_shorter_than_a_stamp_are_warned_of() -> None:
    """Their length is anything in its interval."""
    burst = FittedValue("burst length", {"a": "1s"}, interval=("0.01s", "0.9s"))
    log = a_log([0.0, 1.0], stamp_ns=S)

    (warning,) = warnings_of(log, FittedValues((burst,)))
    assert "how short a burst was" in warning
    assert not [*warnings_of(a_log([0.0, 1.0]), FittedValues((burst,)))]


def test_ends_instead_of_starts_are_warned_of() -> None:
    """They make a burst longer than it was."""
    log = replace(a_log([0.0, 1.0]), starts="ends")

    (warning,) = warnings_of(log, FittedValues())

    assert warning.startswith("Stamps are the ends of requests")
