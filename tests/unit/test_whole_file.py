"""A file is written completely, or not at all."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from threading import Thread

import pytest

from simcoalesce.whole_file import unfinished_file, write_together, write_whole

KILLED = """
import os, signal, sys
from pathlib import Path
from simcoalesce.whole_file import whole_file
with whole_file(Path(sys.argv[1])) as file:
    file.write(b"half")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(path: Path) -> Path:
    """Return what a process leaves that is killed while it writes a file."""
    subprocess.run([sys.executable, "-c", KILLED, path], check=False)  # noqa: S603 - our own
    (left,) = (one for one in path.parent.iterdir() if one.suffix == ".part")
    return left


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


def test_what_a_killed_process_leaves_is_removed_by_the_next(tmp_path: Path) -> None:
    """Whatever that one writes into the same folder."""
    left = killed_while_writing(tmp_path / "a.yaml")
    write_whole(tmp_path / "b.yaml", "new")

    assert not left.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]


def test_what_a_living_process_writes_is_left_alone(tmp_path: Path) -> None:
    """It has a lock, which ends with the process."""
    with unfinished_file(tmp_path) as file:
        write_whole(tmp_path / "b.yaml", "new")

        assert Path(file.name).exists()
    assert [path.name for path in tmp_path.iterdir()] == ["b.yaml"]


def test_what_another_machine_left_is_removed_after_a_day(tmp_path: Path) -> None:
    """Its locks may not be seen here, so that it may be written still."""
    young, old = (tmp_path / f".simcoalesce-far-{n}.part" for n in (1, 2))
    for path in (young, old):
        path.touch()
    made_s = young.stat().st_mtime
    os.utime(old, (made_s, made_s - 86_500))
    write_whole(tmp_path / "a.yaml", "new")

    assert young.exists()
    assert not old.exists()


def test_what_only_looks_like_it_is_left_alone(tmp_path: Path) -> None:
    """A link is not followed; a folder or a name of the user's own is no such file."""
    (tmp_path / "mine").touch()
    mine = killed_while_writing(tmp_path / "a.yaml").rename(tmp_path / ".simcoalesce-a")
    link, folder = (mine.with_name(f"{mine.name}-{n}.part") for n in (1, 2))
    link.symlink_to("mine")
    folder.mkdir()
    write_whole(tmp_path / "b.yaml", "new")

    assert all(one.exists() for one in (mine, link, folder, tmp_path / "mine"))


def test_files_that_belong_together_appear_together(tmp_path: Path) -> None:
    """If the last one cannot be written, none is, and nothing is left of them."""
    old = tmp_path / "a.yaml"
    old.write_text("old")

    with pytest.raises(FileNotFoundError):
        write_together({old: b"new", tmp_path / "none" / "b.yaml": b"new"})
    assert old.read_text() == "old"
    assert list(tmp_path.iterdir()) == [old]
