"""What is read is a regular file."""

import os
from pathlib import Path

import pytest

from simcoalesce.regular_file import opened


def test_a_file_is_opened_to_read_its_bytes(tmp_path: Path) -> None:
    """A regular file is what it was."""
    (tmp_path / "file").write_bytes(b"bytes")

    with opened(tmp_path / "file") as file:
        assert file.read() == b"bytes"


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes to it, so whoever opened it to read would wait for ever."""
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(OSError, match="a pipe or a device, not a file; write -"):
        opened(tmp_path / "pipe")


def test_a_device_is_refused() -> None:
    """It would be read without end."""
    with pytest.raises(OSError, match="a pipe or a device"):
        opened(Path("/dev/zero"))


def test_a_folder_and_a_missing_file_are_refused_as_ever(tmp_path: Path) -> None:
    """The system says what they are."""
    with pytest.raises(IsADirectoryError):
        opened(tmp_path)
    with pytest.raises(FileNotFoundError):
        opened(tmp_path / "missing")
