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
    monkeypatch.setattr(object_cache, "_digest", lambda: "another")

    assert before.parent == tmp_path / "simcoalesce"
    assert object_cache.object_file().parent == before.parent
    assert object_cache.object_file() != before


def test_a_folder_that_cannot_be_made_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that cannot be written is no obstacle."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")

    folder = object_cache.object_file().parent

    assert tmp_path not in folder.parents
    assert folder.is_dir()


def test_a_folder_of_somebody_else_is_not_used(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whoever can write there decides what code runs here."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    somebody = os.getuid() + 1
    monkeypatch.setattr(object_cache, "_owner", lambda _: somebody)

    with pytest.raises(OSError, match="no folder"):
        object_cache.object_file()


def test_a_new_folder_is_cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has been compiled there, and to ask compiles nothing."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")

    assert not object_cache.is_warm()
    assert not list(tmp_path.rglob("*.o"))
