"""Families: every file of a folder is a member."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from simcoalesce.discovery import files, members
from simcoalesce.model.fault import Fault
from simcoalesce.model.layer import Layer
from simcoalesce.spec import Spec

MEMBER = '''
from simcoalesce.spec import Spec
class Thing(Spec):
    """A member."""
    kind: str = "{kind}"
class _Part(Spec):
    """Not a member: its name says so."""
'''
Package = Callable[[dict[str, str]], str]


@pytest.fixture
def a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Return a builder of importable folders: {file name: text}."""

    def build(files: dict[str, str]) -> str:
        name = f"family_{tmp_path.name}"
        folder = tmp_path / name
        folder.mkdir()
        for file, text in {"__init__.py": "", **files}.items():
            (folder / file).write_text(text, "utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        return name

    return build


def test_the_layers_are_the_files_of_their_folder() -> None:
    """In the order of their names."""
    assert [*members(Layer, "simcoalesce.model.layers")] == [
        "bounded_retries",
        "cdn",
        "durable_object",
        "kv.read",
        "kv.write",
        "lock",
        "memory",
        "origin",
        "retry",
        "single_flight",
        "timeout",
        "waiting_list",
    ]


def test_a_member_is_found_by_its_kind() -> None:
    """The class of its file."""
    found = members(Fault, "simcoalesce.model.faults")

    assert {kind: member.__name__ for kind, member in found.items()} == {
        "first": "First",
        "random": "Random",
        "window": "FaultWindow",
    }


def test_a_new_file_is_a_new_member(a_package: Package) -> None:
    """Nothing else has to be edited; what is private does not count."""
    name = a_package({f"{kind}.py": MEMBER.format(kind=kind) for kind in ("b", "a")})

    assert [*members(Spec, name)] == ["a", "b"]


def test_the_names_of_files_are_known_without_reading_them(a_package: Package) -> None:
    """So the command line can offer them at once."""
    name = a_package({"b.py": "raise AssertionError", "a.py": "not even Python"})

    assert files(name) == ["a", "b"]


@pytest.mark.parametrize("text", ["", MEMBER + MEMBER.replace("Thing", "Other")])
def test_a_file_holds_exactly_one_member(a_package: Package, text: str) -> None:
    """Neither none nor two."""
    name = a_package({"thing.py": text})

    with pytest.raises(TypeError, match=r"thing must hold one Spec"):
        members(Spec, name)


@pytest.mark.parametrize(
    "module",
    [
        "simcoalesce.model.faults.first",
        "simcoalesce.model.layers.kv_read",
        "simcoalesce.model.rate_limits.token_bucket",
    ],
)
def test_a_member_may_be_imported_before_its_idea(module: str) -> None:
    """In a fresh interpreter, whatever comes first."""
    command = [sys.executable, "-c", f"import {module}"]

    assert subprocess.run(command, check=False).returncode == 0  # noqa: S603
