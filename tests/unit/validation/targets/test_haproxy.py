"""haproxy: what is written into its configuration."""

import re
from pathlib import Path

import pytest

from simcoalesce.validation.cache_server import ServerContext
from simcoalesce.validation.targets.haproxy import Haproxy
from tests.unit.validation.builders import a_cache_layer, a_cache_scenario

UNCOORDINATED = "lock: false, whole_seconds: true"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder; HAProxy is taken for installed."""
    monkeypatch.setattr(Haproxy, "found", lambda _: Path("haproxy"))
    return tmp_path


def config(layer: str, folder: Path) -> str:
    """Return the configuration for a layer."""
    cdn = a_cache_layer(f"cdn: {{{layer}}}")
    Haproxy().server_command(cdn, ServerContext(folder, 1111, 2222))
    return (folder / "haproxy.cfg").read_text()


def test_a_lifetime_is_said_by_the_origin_and_not_cut_by_the_cache(
    folder: Path,
) -> None:
    """Its own limit is a minute otherwise; the origin may say another than the ttl."""
    layer = a_cache_layer(f"cdn: {{{UNCOORDINATED}, ttl: 90s}}")

    assert Haproxy().answer_headers(layer) == {"Cache-Control": "max-age=90"}
    assert "\n  max-age 86400\n" in config(f"{UNCOORDINATED}, ttl: 90s", folder)
    assert "\n  max-age 172800\n" in config(f"{UNCOORDINATED}, ttl: 2d", folder)


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("lock: true", "cdn.lock: false"),
        ("lock: false, abandons: true", "cdn.abandons: false"),
        ("lock: false, ttl: 100ms", "cdn.ttl: write whole seconds"),
        ("lock: false, stale_while_revalidate: 1s", "cdn.stale_while_revalidate: 0s"),
    ],
)
def test_what_it_does_not_have_is_refused(layer: str, said: str) -> None:
    """With what to write instead."""
    objections = Haproxy().objections(a_cache_scenario(f"cdn: {{{layer}}}"), 1)

    assert next(objections).startswith(said)


def test_a_cache_without_coordination_is_taken() -> None:
    """It is what HAProxy is."""
    scenario = a_cache_scenario(f"cdn: {{{UNCOORDINATED}}}")

    assert [*Haproxy().objections(scenario, 1)] == []


def test_everything_is_on_loopback(folder: Path) -> None:
    """No load leaves the machine."""
    text = config(UNCOORDINATED, folder)

    found = re.findall(r"^  (?:bind|server origin) ([\d.]+)", text, re.MULTILINE)
    assert found == ["127.0.0.1", "127.0.0.1"]
