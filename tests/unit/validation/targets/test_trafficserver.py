"""trafficserver: its settings."""

from pathlib import Path

import pytest

from simcoalesce.validation.cache_server import ServerContext
from simcoalesce.validation.targets.trafficserver import TrafficServer, records
from tests.unit.validation.builders import a_cache_layer, a_cache_scenario


def settings(layer: str) -> dict[str, str]:
    """Return the settings of a layer, by their last names."""
    text = records(a_cache_layer(layer), 1111)
    rows = (line.split(maxsplit=3) for line in text.splitlines())
    return {row[1].removeprefix("proxy.config."): row[3] for row in rows}


def test_retries_are_those_of_the_layer() -> None:
    """Their number, and the time before the first two."""
    said = settings("bounded_retries: {retries: 4, delay: 20ms, write_retries: 2}")

    assert said["cache.read_while_writer.max_retries"] == "4"
    assert said["cache.read_while_writer_retry.delay"] == "20"
    assert said["http.cache.max_open_write_retries"] == "2"


@pytest.mark.parametrize(
    ("on_busy", "action"),
    [("origin", "0"), ("error", "1"), ("stale", "2"), ("retry", "5")],
)
def test_what_follows_is_a_number(on_busy: str, action: str) -> None:
    """Of those that the server knows."""
    said = settings(f"bounded_retries: {{on_busy: {on_busy}}}")

    assert said["http.cache.open_write_fail_action"] == action


@pytest.mark.parametrize(
    ("stale_if_error", "age_s"), [("0s", "0"), ("5s", "7"), ("7d", "604802")]
)
def test_an_expired_answer_is_served_up_to_an_age(
    stale_if_error: str, age_s: str
) -> None:
    """Its lifetime of 2 s, and what comes after it."""
    said = settings(f"bounded_retries: {{ttl: 2s, stale_if_error: {stale_if_error}}}")

    assert said["http.cache.max_stale_age"] == age_s


def test_errors_are_kept_for_one_time() -> None:
    """By status; without such a word it keeps none, as by default."""
    kept = settings("bounded_retries: {error_ttl: {404: 5s, 429: 5s}}")

    assert kept["http.negative_caching_list"] == "404 429"
    assert kept["http.negative_caching_lifetime"] == "5"
    assert settings("bounded_retries: {}")["http.negative_caching_enabled"] == "0"


def test_the_origin_says_how_long_its_answers_live() -> None:
    """By the header that it goes by."""
    layer = a_cache_layer("bounded_retries: {ttl: 30s}")

    said = TrafficServer().answer_headers(layer)

    assert said == {"Cache-Control": "max-age=30"}


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("whole_seconds: false", "bounded_retries.whole_seconds: true"),
        ("error_ttl: {404: 1s, 503: 2s}", "bounded_retries.error_ttl: one duration"),
        ("stale_if_error: 500ms", "bounded_retries.stale_if_error: write whole"),
        ("delay: 1500us", "bounded_retries.delay: write whole milliseconds"),
    ],
)
def test_what_it_does_not_have_is_refused(layer: str, said: str) -> None:
    """With what to write instead."""
    scenario = a_cache_scenario(f"bounded_retries: {{{layer}}}")

    (objection,) = TrafficServer().objections(scenario, 1)

    assert objection.startswith(said)


def test_its_folder_belongs_to_whom_it_becomes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refuses to serve as root."""
    monkeypatch.setattr(TrafficServer, "found", lambda _: Path("traffic_server"))
    layer = a_cache_layer("bounded_retries: {}")

    TrafficServer().server_command(layer, ServerContext(tmp_path, 1111, 2222))

    assert TrafficServer.owner == "trafficserver"
    assert "127.0.0.1:2222" in (tmp_path / "remap.config").read_text()
    assert "ip-in=127.0.0.1" in (tmp_path / "records.config").read_text()
