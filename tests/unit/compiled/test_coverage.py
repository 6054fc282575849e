"""What cannot be compiled is left to the other engine."""

from simcoalesce.compiled.coverage import why_not
from tests.builders import a_path, an_origin


def test_more_origins_than_a_number_has_bits_for_are_left_to_the_other_engine() -> None:
    """Those that were asked, and those that are out, are bits of one number."""
    some, many = (
        {"origins": {"of": {f"o{it}": an_origin()["origin"] for it in range(count)}}}
        for count in (62, 63)
    )

    assert not why_not(a_path("kv.read", some), keys=1, locations=1)
    assert "more than 62 origins" in why_not(
        a_path("kv.read", many), keys=1, locations=1
    )


def test_a_timer_inside_an_object_is_left_to_the_other_engine() -> None:
    """Its rounds may bring the object into being; in front of it they do not."""
    timer = {"refresh_timer": {"every": "1s"}}
    inside = a_path("durable_object", timer, "memory", an_origin())
    in_front = a_path(timer, "durable_object", "memory", an_origin())

    assert "rounds inside an object" in why_not(inside, keys=1, locations=1)
    assert not why_not(in_front, keys=1, locations=1)
