"""Where compiled kernels are kept."""

import sys
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.kernels import cache

numba: Any = pytest.importorskip("numba", reason="the compiled engine needs numba")


def test_the_folder_is_the_users_and_named_after_the_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A changed source gets a new folder, so no old code is ever run."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")

    folder = cache.folder()

    assert folder.parent == tmp_path / "simcoalesce"
    assert folder.name.startswith("kernels-")


def test_a_folder_that_cannot_be_made_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home that cannot be written is no obstacle."""
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")

    folder = cache.folder()

    assert tmp_path not in folder.parents
    assert folder.is_dir()


def test_a_new_folder_is_cold(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing has been compiled there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")

    assert not cache.is_warm()
    assert not list(tmp_path.rglob("*.nbi"))


def test_numbas_own_setting_is_left_as_it_was() -> None:
    """Other compiled code of the same process is kept where it was."""
    before = numba.config.CACHE_DIR
    with cache.kernel_cache():
        meanwhile = numba.config.CACHE_DIR

    assert meanwhile == str(cache.folder())
    assert before == numba.config.CACHE_DIR
