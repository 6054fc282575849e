"""Families: every file of a folder is a member."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from simcoalesce import discovery
from simcoalesce.discovery import PluginError, extra_members, files, members
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


@pytest.fixture
def an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str], None]]:
    """Return an installer of a package with an entry point: (its code, the point)."""
    name = f"pack_{tmp_path.name}"

    def install(code: str, point: str) -> None:
        (tmp_path / f"{name}.py").write_text(code, "utf-8")
        info = tmp_path / f"{name}-1.2.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Name: {name}\nVersion: 1.2\n", "utf-8")
        (info / "entry_points.txt").write_text(point.replace("PACK", name), "utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))
        discovery._installed.cache_clear()

    yield install
    discovery._installed.cache_clear()


def test_the_layers_are_the_files_of_their_folder() -> None:
    """In the order of their names."""
    names = (
        "abandon adaptive_throttle batch bounded_retries bulkhead cache_api "
        "cdn circuit_breaker distributed_lock durable_object "
        "durable_storage fan_out hedge kv.read kv.write lease limiter "
        "load_shed lock memory origin origins redis.read redis.write "
        "refresh_timer retry single_flight timeout waiting_list "
        "workers_cache"
    )

    assert [*members(Layer, "simcoalesce.model.layers")] == names.split()


def test_a_member_is_found_by_its_kind() -> None:
    """The class of its file."""
    found = members(Fault, "simcoalesce.model.faults")

    assert {kind: member.__name__ for kind, member in found.items()} == {
        "always": "Always",
        "calls": "NumberedCalls",
        "first": "First",
        "random": "Random",
        "window": "FaultWindow",
    }


def test_a_new_file_is_a_new_member(a_package: Package) -> None:
    """Nothing else has to be edited; what is private does not count."""
    name = a_package({f"{kind}.py": MEMBER.format(kind=kind) for kind in ("b", "a")})

    assert [*members(Spec, name)] == ["a", "b"]


def test_the_names_of_files_are_known_before_they_are_imported(
    a_package: Package,
) -> None:
    """So the command line can offer them at once."""
    name = a_package({"b.py": "raise AssertionError", "a.py": "not even Python"})

    assert files(name) == ["a", "b"]


@pytest.mark.parametrize("text", ["", MEMBER + MEMBER.replace("Thing", "Other")])
def test_a_file_holds_exactly_one_member(a_package: Package, text: str) -> None:
    """Neither none nor two."""
    name = a_package({"thing.py": text})

    with pytest.raises(TypeError, match=r"thing must hold one Spec"):
        members(Spec, name)


FAULT = '''
from typing import Literal
from simcoalesce.model.fault import Fault
class Never(Fault):
    """Strikes no call."""
    kind: Literal["never"] = "never"
class Nameless(Fault):
    """Has no kind."""
'''
POINT = "[simcoalesce.faults]\nnever = PACK:Never\n"


def test_an_entry_point_of_a_package_is_a_member(
    an_installed_package: Callable[[str, str], None],
) -> None:
    """After those of the folder; families are asked for what fits their folder."""
    an_installed_package(FAULT, POINT)

    assert [*members(Fault, "simcoalesce.model.faults")][5:] == ["never"]
    assert "never" not in members(Layer, "simcoalesce.model.layers")


@pytest.mark.parametrize(
    ("code", "point", "message"),
    [
        ("import nowhere_at_all", POINT, "it cannot be imported: ModuleNotFoundError"),
        ("1 / 0", POINT, "it cannot be imported: ZeroDivisionError"),
        ("Other = 1", POINT, "it cannot be imported: AttributeError"),
        ("Never = 7", POINT, "not a subclass of simcoalesce.model.fault.Fault"),
        (FAULT, POINT.replace(":Never", ":Nameless"), "it has no kind"),
        (
            FAULT.replace('"never"', '"first"'),
            POINT,
            'its kind "first" is already that of simcoalesce.model.faults.first.First',
        ),
    ],
)
def test_what_is_wrong_with_a_package_is_said_with_its_name(
    an_installed_package: Callable[[str, str], None],
    code: str,
    point: str,
    message: str,
) -> None:
    """And its version, since it is what has to be repaired or removed."""
    an_installed_package(code, point)

    with pytest.raises(PluginError) as refused:
        members(Fault, "simcoalesce.model.faults")

    assert message in str(refused.value)
    assert str(refused.value).startswith("pack_")
    assert " 1.2, entry point simcoalesce.faults: never = " in str(refused.value)


class _Own(Layer):
    kind: Literal["own"] = "own"


class _Rival(Layer):
    kind: Literal["own"] = "own"


def test_a_class_is_a_member_within_a_block() -> None:
    """However often it is brought along; nothing is left behind."""
    with extra_members([_Own]), extra_members([_Own]):
        assert [*Layer.members()][-1] == "own"

    assert "own" not in Layer.members()


def test_of_two_classes_of_a_kind_neither_is_taken() -> None:
    """Both are named."""
    with extra_members([_Own, _Rival]), pytest.raises(PluginError) as refused:
        Layer.members()

    assert str(refused.value).endswith(f'"own" is already that of {__name__}._Own')
    assert f"{__name__}._Rival" in str(refused.value)


@pytest.mark.parametrize("thing", [int, Spec, "own"])
def test_a_class_of_no_family_cannot_be_brought_along(thing: Any) -> None:
    """It would be ignored in silence."""
    with (
        pytest.raises(PluginError, match="is not a subclass of Layer"),
        extra_members([thing]),
    ):
        pass


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
