"""Files of scenarios that are not trusted."""

from pathlib import Path

import pytest

from simcoalesce.confinement import (
    HiddenContentError,
    check_named_file,
    confined,
    confined_to_folder_of,
    confining_folder,
    content_hidden,
)


def test_a_file_below_the_folder_may_be_named(tmp_path: Path) -> None:
    """Directly, or in a folder of it; a link may lead there."""
    (tmp_path / "link.log").symlink_to("a.log")

    with confined(tmp_path):
        for written in ("a.log", "logs/a.log", "link.log"):
            check_named_file(written, tmp_path / written)


@pytest.mark.parametrize("written", ["../a.log", "/etc/passwd", "x/../a.log", "link"])
def test_any_other_file_is_refused(tmp_path: Path, written: str) -> None:
    """By its name, or by where a link leads."""
    (tmp_path / "link").symlink_to("/etc/passwd")

    with (
        confined(tmp_path),
        pytest.raises(ValueError, match="is not below the folder of the scenario"),
    ):
        check_named_file(written, tmp_path / written)


def test_who_is_trusted_may_name_any_file() -> None:
    """Outside of a confinement, and within one of no folder."""
    with confined(None):
        check_named_file("/etc/passwd", Path("/etc/passwd"))

    assert confining_folder() is None


def test_who_is_confined_may_be_so_to_another_folder(tmp_path: Path) -> None:
    """That of another file; who is not confined stays free."""
    with confined_to_folder_of(tmp_path / "result.json"):
        assert confining_folder() is None

    with confined(tmp_path), confined_to_folder_of(tmp_path / "in/result.json"):
        assert confining_folder() == tmp_path / "in"


def test_what_a_file_holds_is_hidden_only_from_who_is_not_trusted(
    tmp_path: Path,
) -> None:
    """The message names the file, and nothing of it."""
    with pytest.raises(ValueError, match="secret"), content_hidden("a.log"):
        raise ValueError("line 1: secret")

    with (
        confined(tmp_path),
        pytest.raises(HiddenContentError, match=r"^a\.log cannot be used; what it hol"),
        content_hidden("b.log"),
        content_hidden("a.log"),
    ):
        raise ValueError("line 1: secret")
