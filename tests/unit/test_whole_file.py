"""A file is written completely, or not at all."""

from pathlib import Path

import pytest

from simcoalesce.whole_file import write_whole


def test_the_new_text_replaces_the_old(tmp_path: Path) -> None:
    """In UTF-8, with the line ends that it has."""
    path = tmp_path / "a.yaml"
    path.write_text("old")
    write_whole(path, "é\n")

    assert path.read_bytes() == "é\n".encode()


def test_a_failure_leaves_the_old_text_and_nothing_else(tmp_path: Path) -> None:
    """Half a character cannot be written."""
    path = tmp_path / "a.yaml"
    path.write_text("old")

    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "new" * 100_000 + "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """The system's own."""
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "a.yaml", "")
