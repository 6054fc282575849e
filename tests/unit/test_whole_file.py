"""A file is written completely, or not at all."""

import os
import stat
from pathlib import Path
from threading import Thread

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


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    """What only its owner may read, nobody else may read afterwards."""
    path = tmp_path / "a.yaml"
    path.touch(mode=0o600)
    write_whole(path, "new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_new_file_has_the_mode_of_any_other(tmp_path: Path) -> None:
    """As the umask says."""
    (tmp_path / "other").touch()
    write_whole(tmp_path / "new", "")

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("is_there", [True, False])
def test_a_link_is_followed(tmp_path: Path, *, is_there: bool) -> None:
    """Whether what it names is there or not."""
    (tmp_path / "folder").mkdir()
    target, link = tmp_path / "folder" / "a.yaml", tmp_path / "link.yaml"
    if is_there:
        target.write_text("old")
    link.symlink_to(target)
    write_whole(link, "new")

    assert link.is_symlink()
    assert target.read_text() == "new"


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    """Its reader gets the text."""
    pipe, got = tmp_path / "a.yaml", []
    os.mkfifo(pipe)
    reader = Thread(target=lambda: got.append(pipe.read_text()), daemon=True)
    reader.start()
    write_whole(pipe, "new")
    reader.join(10)

    assert got == ["new"]
    assert pipe.is_fifo()


def test_a_name_as_long_as_can_be_is_written(tmp_path: Path) -> None:
    """255 characters on most systems."""
    path = tmp_path / ("a" * 255)
    write_whole(path, "new")

    assert path.read_text() == "new"
