"""workerd: how it is found and configured."""

import json
import os
import re
from pathlib import Path

import pytest

from simcoalesce.validation.target import CannotValidate
from simcoalesce.validation.workerd_runtime import Setup, config, installation

SOURCES = Path(__file__).parents[3] / "testbed" / "worker" / "src"


def a_testbed(folder: Path) -> Path:
    """Make a testbed as `npm ci` leaves it, in miniature."""
    (folder / "package.json").write_text("{}")
    binary = folder / "node_modules" / "@cloudflare" / "workerd-os" / "bin" / "workerd"
    binary.parent.mkdir(parents=True)
    binary.write_text("")
    (folder / "build").mkdir()
    (folder / "worker" / "src").mkdir(parents=True)
    for source in SOURCES.glob("*.ts"):
        (folder / "worker" / "src" / source.name).write_text("")
        (folder / "build" / f"{source.stem}.js").write_text(f"// {source.stem}")
    return folder


def a_setup(*isolate_locations: int, has_object: bool = False) -> Setup:
    """Return what a run needs."""
    return Setup(
        steps=[{"kind": "origin"}],
        isolate_locations=isolate_locations,
        origin_port=1111,
        kv_port=2222,
        has_object=has_object,
        keeps_idle_objects=True,
    )


def test_what_is_missing_is_said_with_the_command_that_installs_it(
    tmp_path: Path,
) -> None:
    """One line to copy."""
    (tmp_path / "package.json").write_text("{}")

    with pytest.raises(CannotValidate, match=f"npm ci --prefix {tmp_path}"):
        installation(tmp_path)


def test_missing_node_is_said_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, npm would not be found either."""
    (tmp_path / "package.json").write_text("{}")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CannotValidate, match="first install Node"):
        installation(tmp_path)


def test_a_folder_that_is_no_testbed_is_refused(tmp_path: Path) -> None:
    """The wheel has none, and the message says who has."""
    with pytest.raises(CannotValidate, match=r"its \.tar\.gz\); .*--testbed"):
        installation(tmp_path)


def test_every_source_is_a_module_of_the_worker(tmp_path: Path) -> None:
    """A new file is part of what is run."""
    modules = installation(a_testbed(tmp_path)).modules

    assert set(modules) == {source.stem for source in SOURCES.glob("*.ts")}


def test_a_worker_that_was_changed_must_be_built(tmp_path: Path) -> None:
    """What runs is what one reads."""
    testbed = a_testbed(tmp_path)
    built = (testbed / "build" / "entry.js").stat().st_mtime
    os.utime(testbed / "worker" / "src" / "entry.ts", (built + 60, built + 60))

    with pytest.raises(CannotValidate, match="npm run build"):
        installation(testbed)


def test_each_isolate_has_a_socket_and_all_share_the_objects() -> None:
    """The same script as several services, with one namespace."""
    text = config(a_setup(0, 0, 1, has_object=True), {"entry": "code"})

    assert len(re.findall(r'service = "isolate-\d"', text)) == 3
    assert len(re.findall(r'name = "objects"', text)) == 1


def test_code_with_quotes_and_breaks_is_one_text() -> None:
    """The configuration holds the worker itself."""
    code = 'say("a\\b");\n'

    text = config(a_setup(0), {"entry": code})

    assert json.dumps(code) in text


def test_everything_listens_and_asks_on_loopback() -> None:
    """No load leaves the machine."""
    text = config(a_setup(0, has_object=True), {"entry": "code"})

    assert set(re.findall(r'address = "([^:"]+)', text)) == {"127.0.0.1"}
