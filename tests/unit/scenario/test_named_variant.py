"""A command line names a file, and maybe a variant of it."""

from pathlib import Path

import pytest

from simcoalesce.scenario.named_variant import split_variant


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a.yaml", ("a.yaml", None)),
        ("a.yaml@b", ("a.yaml", "b")),
        ("me@home/a.yaml", ("me@home/a.yaml", None)),
        ("me@home/a.yaml@b", ("me@home/a.yaml", "b")),
        ("@b", ("@b", None)),
        ("a.yaml@", ("a.yaml@", None)),
    ],
)
def test_splitting_a_variant_off(path: str, expected: tuple[str, str | None]) -> None:
    """A folder may have an @ in its name."""
    assert split_variant(path) == expected


def test_a_file_may_have_an_at_in_its_name(tmp_path: Path) -> None:
    """What exists is a file."""
    file = tmp_path / "sale@home"
    file.touch()

    assert split_variant(file) == (str(file), None)
