"""varnish: its parameters and its VCL."""

from pathlib import Path

import pytest

from simcoalesce.validation.cache_server import ServerContext
from simcoalesce.validation.targets.varnish import Varnish
from tests.unit.validation.builders import a_cache_layer, a_cache_scenario


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder; Varnish is taken for installed."""
    monkeypatch.setattr(Varnish, "found", lambda _: Path("varnishd"))
    return tmp_path


def command(layer: str, folder: Path, scale: float = 1) -> list[str]:
    """Return the command that runs Varnish for a layer."""
    rules = a_cache_layer(layer)
    context = ServerContext(folder, 1111, 2222, scale)
    return [str(part) for part in Varnish().server_command(rules, context)]


def test_lifetimes_are_parameters_in_seconds(folder: Path) -> None:
    """Real numbers: its clock does not count whole seconds."""
    said = command("waiting_list: {ttl: 1500ms, grace: 0s, rush: 2}", folder)

    assert "default_ttl=1.500" in said
    assert "default_grace=0.000" in said
    assert "rush_exponent=2" in said


def test_the_times_of_marks_and_errors_are_in_its_vcl(folder: Path) -> None:
    """Its own are 120 s and 1 s."""
    command("waiting_list: {hit_for_miss: 30s, failed_fetch_ttl: 2s}", folder)

    vcl = (folder / "rules.vcl").read_text()
    assert "beresp.ttl = 30.000s" in vcl
    assert "beresp.ttl = 2.000s" in vcl


def test_all_its_times_are_stretched(folder: Path) -> None:
    """So a larger time scale takes the machine out of a difference."""
    said = command("waiting_list: {ttl: 2s, hit_for_miss: 1s}", folder, scale=10)

    assert "default_ttl=20.000" in said
    assert "beresp.ttl = 10.000s" in (folder / "rules.vcl").read_text()


def test_a_rush_of_one_is_refused() -> None:
    """Varnish takes no less than two."""
    scenario = a_cache_scenario("waiting_list: {rush: 1}")

    assert [*Varnish().objections(scenario, 1)] == ["waiting_list.rush: 2 or more"]


def test_everything_is_on_loopback(folder: Path) -> None:
    """No load leaves the machine, and nobody can administrate it."""
    said = command("waiting_list: {}", folder)

    assert "127.0.0.1:1111" in said
    assert said[said.index("-T") + 1] == "none"
    assert '.host = "127.0.0.1";' in (folder / "rules.vcl").read_text()
