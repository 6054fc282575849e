"""squid: what is written into its configuration."""

import os
import re
from pathlib import Path

import pytest

from simcoalesce.validation.cache_server import ServerContext
from simcoalesce.validation.targets.squid import Squid
from tests.unit.validation.builders import a_cache_layer, a_cache_scenario


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder; Squid is taken for installed."""
    monkeypatch.setattr(Squid, "found", lambda _: Path("squid"))
    return tmp_path


def config(layer: str, folder: Path) -> str:
    """Return the configuration for a layer."""
    Squid().server_command(a_cache_layer(layer), ServerContext(folder, 1111, 2222))
    return (folder / "squid.conf").read_text()


@pytest.mark.parametrize(("lock", "collapses"), [("true", "on"), ("false", "off")])
def test_a_lock_is_collapsed_forwarding(
    lock: str, collapses: str, folder: Path
) -> None:
    """Its default is off."""
    text = config(f"cdn: {{lock: {lock}}}", folder)

    assert f"\ncollapsed_forwarding {collapses}\n" in text


def test_a_short_ttl_is_cached_all_the_same(folder: Path) -> None:
    """Its default refuses whatever lives less than a minute."""
    assert "\nminimum_expiry_time 0 seconds\n" in config("cdn: {ttl: 1s}", folder)


def test_what_expired_stands_in_for_no_error() -> None:
    """Without the second word it would, for a week."""
    layer = a_cache_layer("cdn: {ttl: 30s}")

    said = Squid().answer_headers(layer)

    assert said == {"Cache-Control": "max-age=30, must-revalidate"}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("ttl: 100ms", "cdn.ttl: write whole seconds"),
        ("stale_while_revalidate: 1s", "cdn.stale_while_revalidate: 0s"),
    ],
)
def test_what_it_does_not_have_is_refused(layer: str, said: str) -> None:
    """With what to write instead."""
    objections = Squid().objections(a_cache_scenario(f"cdn: {{{layer}}}"), 1)

    assert next(objections).startswith(said)


def test_what_may_expire_needs_its_clock() -> None:
    """If nothing does, either clock is right."""
    expiring = a_cache_scenario("cdn: {ttl: 1s}").model_copy(
        update={"duration_ns": 1_500_000_000}
    )
    lasting = a_cache_scenario("cdn: {ttl: 2s}")

    (objection,) = Squid().objections(expiring, 1)
    assert objection.startswith("cdn.whole_seconds: true")
    assert [*Squid().objections(lasting, 1)] == []


def test_its_shared_memory_has_a_name_of_its_own(folder: Path) -> None:
    """Another Squid on the machine would have the same otherwise, and neither start."""
    layer = a_cache_layer("cdn: {}")

    command = [*Squid().server_command(layer, ServerContext(folder, 1111, 2222))]

    assert command[command.index("-n") + 1] == f"simcoalesce{os.getpid()}"


def test_everything_is_on_loopback(folder: Path) -> None:
    """No load leaves the machine."""
    text = config("cdn: {}", folder)

    assert re.findall(r"^(?:http_port|cache_peer) ([\d.]+)", text, re.MULTILINE) == [
        "127.0.0.1",
        "127.0.0.1",
    ]
