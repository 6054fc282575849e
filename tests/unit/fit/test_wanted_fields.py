"""What a log does not say, and how nginx would write it."""

from dataclasses import replace

from simcoalesce.fit.wanted_fields import NGINX_LINE, missing_fields
from tests.unit.fit.builders import S, a_log

COMBINED = {"time": "time", "method": "method", "uri": "uri", "status": "status"}


def test_a_combined_log_lacks_all_that_tells_of_a_cache() -> None:
    """Its stamps are whole seconds; a status tells of the origin, if there is one."""
    log = replace(a_log([0.0], stamp_ns=S), fields=COMBINED)

    assert [one.field for one in missing_fields(log)] == [
        *("time", "duration", "cache", "origin_duration", "host")
    ]


def test_the_line_for_nginx_has_each_of_them() -> None:
    """It is pasted as it stands."""
    log = replace(a_log([0.0], stamp_ns=S), fields={})

    missing = missing_fields(log)

    assert len(missing) == 9
    assert not [one.variable for one in missing if one.variable not in NGINX_LINE]
