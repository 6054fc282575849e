"""Specs: closed, frozen, validated once, and written without units in names."""

from errno import EACCES
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simcoalesce.model.fault import Fault
from simcoalesce.spec import InputFile, NamedFile, Spec, default, written_name
from simcoalesce.units import Duration, Rate, Ratio


class Example(Spec):
    """A part of a scenario."""

    wait_ns: Duration = default("80ms")
    """How long."""
    rate_per_s: Rate = default("2/s")
    share_ratio: Ratio | None = None
    plain: int = 1


@pytest.mark.parametrize(
    ("field", "written"),
    [
        ("ttl_ns", "ttl"),
        ("rate_per_s", "rate"),
        ("jitter_ratio", "jitter"),
        ("response_size_bytes", "response_size"),
        ("price_usd", "price"),
        ("queue_limit", "queue_limit"),
        ("scope_", "scope"),
        ("instances", "instances"),
    ],
)
def test_a_field_is_written_without_its_unit(field: str, written: str) -> None:
    """The value has the unit; a word that only ends like one keeps its end."""
    assert written_name(field) == written


def test_a_default_is_read_like_any_other_value() -> None:
    """As a scenario would write it."""
    assert (Example().wait_ns, Example().rate_per_s) == (80_000_000, 2.0)


def test_a_value_is_read_under_its_written_name() -> None:
    """And only under that."""
    example = Example.model_validate({"wait": "1s", "rate": "60/min"})

    assert (example.wait_ns, example.rate_per_s) == (10**9, 1.0)


@pytest.mark.parametrize("unknown", ["wait_ns", "waitt", "Wait"])
def test_an_unknown_name_is_refused(unknown: str) -> None:
    """A typo does not become a default."""
    with pytest.raises(ValidationError, match="Extra inputs"):
        Example.model_validate({unknown: "1s"})


def test_a_spec_never_changes() -> None:
    """It is hashable, and two of the same content are one."""
    example = Example()

    with pytest.raises(ValidationError, match="frozen"):
        example.plain = 2  # type: ignore[misc]
    assert hash(example) == hash(Example())


def test_a_document_can_be_read_again() -> None:
    """Plain values with units, absent ones left out."""
    example = Example.model_validate({"wait": "0.0015s", "share": "5%"})
    document = example.document()

    assert document == {"wait": "1500us", "rate": "2/s", "share": "5%", "plain": 1}
    assert Example.model_validate(document) == example


def test_a_field_is_documented_below_itself() -> None:
    """The schema that editors use says it too."""
    wait = Example.model_json_schema()["properties"]["wait"]

    assert wait["description"] == "How long."


def test_a_field_is_documented_below_where_it_was_first_declared() -> None:
    """What extends a spec need not repeat it."""

    class Longer(Example):
        """A longer part of a scenario."""

        again_ns: Duration = default("1s")
        """And how long again."""

    properties = Longer.model_json_schema()["properties"]

    assert properties["wait"]["description"] == "How long."
    assert properties["again"]["description"] == "And how long again."


def named(written: Any, folder: Path) -> InputFile:
    """Return a file that a scenario in a folder names."""
    adapter: TypeAdapter[InputFile] = TypeAdapter(NamedFile)
    return adapter.validate_python(written, context={"folder": folder})


def test_a_file_lies_next_to_the_scenario_that_names_it(tmp_path: Path) -> None:
    """And is written back as it was written."""
    (tmp_path / "sends.csv").write_text("t_s\n0\n", "utf-8")
    file = named("sends.csv", tmp_path)

    assert (file.path, str(file)) == (tmp_path / "sends.csv", "sends.csv")
    assert named(file, Path("elsewhere")) == file


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("absent.csv", 'no file "absent.csv" beside the scenario'),
        (".", "is not a file"),
        ("", "is not a file name"),
        (" ", "is not a file name"),
        (7, "is not a file name"),
        ("x" * 5_000, "it cannot be a file: File name too long"),
    ],
)
def test_what_is_no_file_is_refused(
    written: object, message: str, tmp_path: Path
) -> None:
    """The message says where it was looked for."""
    with pytest.raises(ValidationError, match=message):
        named(written, tmp_path)


def test_a_file_that_may_not_be_looked_at_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was `it`; root may look everywhere, so that the refusal is made up."""

    def refused(_: Path) -> bool:
        raise PermissionError(EACCES, "Permission denied")

    monkeypatch.setattr(Path, "exists", refused)

    with pytest.raises(ValidationError, match=r'"a\.log" cannot be a file: Permission'):
        named("a.log", tmp_path)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ({"kind": "a"}, "union_tag_invalid"),
        *((value, "union_tag_not_found") for value in ({}, {"kind": 3}, "a", None)),
    ],
)
def test_a_value_without_a_kind_is_no_member_of_a_family(
    value: object, error: str
) -> None:
    """Anything may stand in a scenario."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Fault).validate_python(value)

    assert [one["type"] for one in refused.value.errors()] == [error]
