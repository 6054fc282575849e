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
