"""A cache keeps what it can, and returns only what it kept."""

from pathlib import Path
from shutil import rmtree

import pytest

from simcoalesce.checked_cache import CheckedCache


def a_cache(folder: Path) -> CheckedCache:
    """Return a cache in a folder below, which is not there yet."""
    return CheckedCache(folder / "a" / "cache", without="--no-cache")


def test_what_was_kept_is_there_for_the_next(tmp_path: Path) -> None:
    """Under its own key only."""
    a_cache(tmp_path).put("abc", b"content")

    assert a_cache(tmp_path).get("abc") == b"content"
    assert a_cache(tmp_path).get("abd") is None


def test_the_folder_is_private(tmp_path: Path) -> None:
    """Nobody else reads or writes it, nor the one that is made for it."""
    cache = a_cache(tmp_path)
    cache.put("abc", b"content")
    folders = [
        tmp_path / "a",
        tmp_path / "a" / "cache",
        tmp_path / "a" / "cache" / "ab",
    ]

    assert {folder.stat().st_mode & 0o777 for folder in folders} == {0o700}


@pytest.mark.parametrize("at", [0, 63, 64 + 1, -1])
def test_a_byte_that_changed_is_no_content(tmp_path: Path, at: int) -> None:
    """In the digest or behind it."""
    a_cache(tmp_path).put("abc", b"content")
    file = tmp_path / "a" / "cache" / "ab" / "abc"
    kept = bytearray(file.read_bytes())
    kept[at] ^= 1
    file.write_bytes(kept)

    assert a_cache(tmp_path).get("abc") is None


def test_a_file_of_another_key_is_no_content(tmp_path: Path) -> None:
    """Though it is whole."""
    a_cache(tmp_path).put("abc", b"content")
    folder = tmp_path / "a" / "cache" / "ab"
    (folder / "abc").rename(folder / "abd")

    assert a_cache(tmp_path).get("abd") is None


def test_what_cannot_be_kept_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Here a file is where a folder would be; the names of both are said."""
    cache = a_cache(tmp_path)
    cache.put("abc", b"content")
    (tmp_path / "a" / "cache" / "xy").write_bytes(b"")
    cache.put("xyz", b"content")
    cache.put("xyw", b"content")
    (said,) = caplog.messages

    assert cache.get("abc") == b"content"
    assert str(tmp_path / "a" / "cache") in said
    assert "--no-cache leaves it out" in said


def test_a_folder_that_is_deleted_meanwhile_is_made_anew(tmp_path: Path) -> None:
    """As private as before."""
    cache = a_cache(tmp_path)
    cache.put("abc", b"content")
    rmtree(tmp_path / "a")
    cache.put("abc", b"content")

    assert cache.get("abc") == b"content"
    assert (tmp_path / "a" / "cache").stat().st_mode & 0o777 == 0o700


def test_without_a_folder_nothing_is_kept() -> None:
    """Nor is anything said."""
    cache = CheckedCache(None, without="--no-cache")
    cache.put("abc", b"content")

    assert cache.get("abc") is None
