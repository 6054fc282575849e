"""nginx: what is written into its configuration."""

import os
import re
from pathlib import Path

import pytest

from simcoalesce.validation.cache_server import ServerContext
from simcoalesce.validation.targets.nginx import Nginx, rules
from tests.unit.validation.builders import a_cache_layer, a_cache_scenario


def written(layer: str) -> str:
    """Return the directives of a layer."""
    return "\n".join(rules(a_cache_layer(layer)))


def objections(layer: str) -> list[str]:
    """Return what nginx objects to."""
    return [*Nginx().objections(a_cache_scenario(layer), 1)]


def test_the_lock_has_the_times_of_the_layer() -> None:
    """In milliseconds; a lifetime in seconds."""
    text = written("lock: {ttl: 30s, timeout: 800ms, age: 2s}")

    assert "proxy_cache_valid 200 30s;" in text
    assert "proxy_cache_lock_timeout 800ms;" in text
    assert "proxy_cache_lock_age 2000ms;" in text


def test_without_a_lock_nobody_waits() -> None:
    """Its default."""
    assert "proxy_cache_lock" not in written("cdn: {lock: false}")


@pytest.mark.parametrize(
    ("layer", "stale", "in_background"),
    [
        ("lock: {}", None, False),
        ("lock: {stale: updating}", "updating", False),
        ("lock: {stale: background}", "updating", True),
    ],
)
def test_an_expired_answer_is_used_as_the_layer_says(
    layer: str, stale: str | None, *, in_background: bool
) -> None:
    """By nobody, by all but one, by all."""
    text = written(layer)

    used = re.search(r"proxy_cache_use_stale (.*);", text)
    assert (used and used.group(1)) == stale
    assert ("proxy_cache_background_update on;" in text) is in_background


def test_errors_are_rescued_by_directive() -> None:
    """The header's stale-if-error covers no status (nginx 1.19.3)."""
    text = written("lock: {stale: updating, stale_if_error: 1h}")

    assert (
        "proxy_cache_use_stale updating http_429 http_500 http_502 http_503 http_504;"
        in text
    )


def test_only_the_errors_that_are_named_are_rescued() -> None:
    """As the directive names them."""
    text = written("lock: {stale_if_error: 1h, stale_on: [502, 504]}")

    assert "proxy_cache_use_stale http_502 http_504;" in text


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("lock: {poll: 200ms}", "lock.poll: 500ms is built into nginx"),
        ("lock: {whole_seconds: false}", "lock.whole_seconds: true"),
        ("lock: {stale_if_error: 500ms}", "lock.stale_if_error: 0s, or as long"),
        ("cdn: {lock: true}", "cdn.lock: false"),
        ("cdn: {lock: false, ttl: 500ms}", "cdn.ttl: write whole seconds"),
        ("cdn: {lock: false, stale_while_revalidate: 1s}", "cdn.stale_while"),
    ],
)
def test_what_nginx_does_not_have_is_refused(layer: str, said: str) -> None:
    """With what to write instead."""
    assert objections(layer)[0].startswith(said)


def test_without_its_lock_nothing_may_expire() -> None:
    """No layer without one has its clock."""
    short, long = "cdn: {lock: false, ttl: 1s}", "cdn: {lock: false, ttl: 2s}"
    scenario = a_cache_scenario(short)
    longer = scenario.model_copy(update={"duration_ns": 1_500_000_000})

    assert objections(long) == []
    (objection,) = Nginx().objections(longer, 1)
    assert objection.startswith("cdn.ttl: as long as")


def test_everything_is_on_loopback_and_in_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No load leaves the machine, and no file outlives the run."""
    monkeypatch.setattr(Nginx, "found", lambda _: Path("nginx"))
    layer = a_cache_layer("lock: {}")

    Nginx().server_command(layer, ServerContext(tmp_path, 1111, 2222))

    text = (tmp_path / "nginx.conf").read_text()
    assert set(re.findall(r"(?:listen |http://)([\d.]+)", text)) == {"127.0.0.1"}
    paths = re.findall(r"(?:_path|pid) (\S+?);? ", text.replace("\n", " "))
    assert {os.path.commonpath([path, tmp_path]) for path in paths} == {str(tmp_path)}
