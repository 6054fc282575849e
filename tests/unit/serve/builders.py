"""A small sale, as a page serves it."""

from pathlib import Path

from simcoalesce.serve.what_if import ScenarioFile

SALE = """\
version: 1
name: sale
title: A small sale
duration: 1s
seed: 3
traffic:
  arrivals: [{kind: burst, requests: 40, within: 400ms}]
  isolates: 10
kv: {read_at: end, write_latency: 80ms, on_refused: ignore}
origin: {latency: 120ms, rate_limit: {kind: fixed_window, limit: 5, per: 1m}}
path: [kv.read, {kv.write: {ttl: 60s}}, origin]
expect: [origin_hits <= 10]
variants:
  per-key: {title: One object, path: [kv.read, durable_object, kv.write, origin]}
"""


def sale_file(folder: Path, text: str = SALE) -> ScenarioFile:
    """Write a scenario into a folder, and read it as a page does."""
    path = folder / "sale.yaml"
    path.write_text(text)
    return ScenarioFile.read(path)
