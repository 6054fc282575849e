"""Where compiled kernels are kept."""

import os
import sys
from pathlib import Path

import pytest

from simcoalesce.compiled import object_cache


def test_the_object_is_the_users_and_named_after_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A changed source gets a new file, so no old code is ever run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    before = object_cache.object_file()
    monkeypatch.setattr(object_cache, "_version", lambda: "another")
    after = object_cache.object_file()

    assert before is not None
    assert before.parent == tmp_path / "simcoalesce"
    assert after is not None
    assert after.parent == before.parent
    assert after != before


def test_a_new_folder_is_private(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nobody else needs to read it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    object_cache.object_file()

    assert (tmp_path / "simcoalesce").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that cannot be written is no obstacle."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")

    path = object_cache.object_file()

    assert path is not None
    assert tmp_path not in path.parents
    assert path.parent.is_dir()


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_where_others_write_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: int
) -> None:
    """Whoever can write there decides what code runs here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(object_cache, "gettempdir", lambda: str(tmp_path / "other"))
    for folder in ("simcoalesce", f"other/simcoalesce-{os.getuid()}"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder).chmod(mode)

    assert object_cache.object_file() is None


def test_a_folder_of_somebody_else_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It is theirs to write."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    somebody = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: somebody)

    assert object_cache.object_file() is None


def test_a_user_without_a_home_has_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a container that runs under a number."""

    def nowhere() -> Path:
        raise RuntimeError

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nowhere)

    assert object_cache.object_file() is not None


@pytest.mark.parametrize("damage", [b"", b"short", b"\0" * 200])
def test_what_is_not_whole_is_as_good_as_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, damage: bytes
) -> None:
    """Foreign or cut: it is never loaded."""
    monkeypatch.setattr(object_cache, "object_file", lambda: tmp_path / "kernels.o")
    object_cache.store(b"code")
    whole = object_cache.stored()
    (tmp_path / "kernels.o").write_bytes(damage)

    assert (whole, object_cache.stored()) == (b"code", None)


def test_a_new_folder_is_cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has been compiled there, and to ask compiles nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")

    assert not object_cache.is_warm()
    assert not list(tmp_path.rglob("*.o"))


def test_a_file_that_cannot_be_looked_at_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It ended a run, which needs no cache."""

    def refused(*_: object) -> bool:
        raise PermissionError

    monkeypatch.setattr(object_cache, "object_file", lambda: tmp_path / "kernels.o")
    monkeypatch.setattr(Path, "exists", refused)

    assert not object_cache.is_warm()
