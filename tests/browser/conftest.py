"""A browser, and servers of the small sale that it visits.

Debian's Chromium, driven by Playwright; nothing is downloaded. Where there is none,
tests are skipped, unless CI says that there must be one.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
AXE = ROOT / "testbed/node_modules/axe-core/axe.min.js"
SALE = """\
version: 1
name: sale
title: A small sale
question: How many reach the origin?
duration: 2m
seed: 3
traffic:
  arrivals: [{kind: burst, requests: 200, within: 400ms, every: 61s}]
  isolates: 10
kv: {read_at: end, write_latency: 80ms, on_refused: ignore, ttl: 60s}
origin: {latency: 120ms, rate_limit: {kind: fixed_window, limit: 150, per: 5m}}
path: [kv.read, kv.write, origin]
expect: [origin_hits <= 10]
variants:
  per-key: {title: One object, path: [kv.read, durable_object, kv.write, origin]}
"""


class Served:
    """A server of a scenario in a process of its own, which may end and come again."""

    def __init__(self, path: Path) -> None:
        """Start it on a free port."""
        self.path, self.address = path, ""
        self.start()

    def start(self) -> None:
        """Start it, on the port that it had before if it had one."""
        port = re.findall(r":(\d+)/", self.address)
        command = [sys.executable, "-m", "simcoalesce", "serve", str(self.path)]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, *(["--port", port[0]] if port else [])],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        assert self.address.startswith("http://127.0.0.1:")

    def end(self) -> None:
        """End it, as Ctrl-C does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=120)
        if self.process.stdout is not None:
            self.process.stdout.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Return Debian's Chromium."""
    found = shutil.which("chromium")
    if found is None and not os.environ.get("CI"):
        pytest.skip("there is no chromium (apt-get install chromium)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only with a browser

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox"]
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Return a server of the small sale."""
    path = tmp_path_factory.mktemp("served") / "sale.yaml"
    path.write_text(SALE)
    yield from _until_done(path)


@pytest.fixture
def served_alone(tmp_path: Path) -> Iterator[Served]:
    """Return a server that a test may end and start again."""
    path = tmp_path / "sale.yaml"
    path.write_text(SALE)
    yield from _until_done(path)


def _until_done(path: Path) -> Iterator[Served]:
    server = Served(path)
    try:
        yield server
    finally:
        server.end()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """Return an empty page; errors of its scripts fail the test."""
    errors: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []
