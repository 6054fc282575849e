"""Names of fields."""

import pytest

from simcoalesce.logs.field_names import known_name, unit_in_name


@pytest.mark.parametrize(
    ("name", "field", "unit"),
    [
        ("@timestamp", "time", ""),
        ("EdgeStartTimestamp", "start", ""),
        ("completed_at_s", "end", "s"),
        ("http.response.status_code", "status", ""),
        ("cs(Host)", "host", ""),
        ("request_time", "duration", "s"),
        ("WallTimeMs", "duration", "ms"),
        ("upstream_response_time", "origin_duration", "s"),
        ("event.duration", "duration", "ns"),
        ("request.headers.host", "host", ""),
    ],
)
def test_a_name_is_known_by_its_words(name: str, field: str, unit: str) -> None:
    """However they are joined, and within whatever object."""
    known = known_name(name)

    assert known is not None
    assert (known.field, known.unit) == (field, unit)


@pytest.mark.parametrize("name", ["api_key", "user_agent", "bytes", "", "time-to-x"])
def test_other_names_are_not_known(name: str) -> None:
    """A part of a name is no name."""
    assert known_name(name) is None


@pytest.mark.parametrize(
    ("name", "unit"),
    [("t_ms", "ms"), ("took_micros", "us"), ("ms", ""), ("status", ""), ("a_s", "s")],
)
def test_a_unit_ends_a_name(name: str, unit: str) -> None:
    """A unit alone is a name."""
    assert unit_in_name(name) == unit
