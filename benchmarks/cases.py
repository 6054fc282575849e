"""What is simulated: a case is a scenario, and what all engines must find in it."""

from dataclasses import dataclass
from math import isclose
from pathlib import Path
from typing import Final, NamedTuple

from simcoalesce import Scenario

ROOT: Final = Path(__file__).parents[1]
_RATE_PER_S: Final = 2_000
"""That of the flash sale: 800 in 400 ms."""


class Counts(NamedTuple):
    """What all engines must agree on."""

    requests: int
    hits: int
    origin_hits: int
    longest_s: float
    """The longest latency: a slip anywhere before it would move it."""

    def agrees(self, other: "Counts") -> bool:
        """Whether two counted the same; peers that add floats differ by rounding."""
        same = self[:3] == other[:3]
        return same and isclose(self.longest_s, other.longest_s, abs_tol=1e-6)


@dataclass(frozen=True)
class Case:
    """A path under steady traffic; `sizes` says with how many requests it is run."""

    name: str
    path: str = "[kv.read, kv.write, origin]"
    ttl: str = "60s"
    keys: str = "{kind: one}"
    isolates: int = 400
    origin: str = "{latency: 120ms}"
    model: str = "naive"
    """What others call it, who know some models (`engines.ENGINES`) and no paths."""
    per_s: int = _RATE_PER_S
    sizes: tuple[int, ...] = (100_000,)
    file: str | None = None
    """A shipped scenario, instead of all of the above."""

    def scenario(self, requests: int) -> Scenario:
        """Return the case with so many requests."""
        if self.file:
            return Scenario.load(ROOT / "scenarios" / self.file)
        return Scenario.parse(
            f"version: 1\n"
            f"name: benchmark\n"
            f"duration: {requests / self.per_s:.6f}s\n"
            f"traffic:\n"
            f"  arrivals: [{{kind: burst, requests: {requests},"
            f" within: {requests / self.per_s:.6f}s}}]\n"
            f"  keys: {self.keys}\n"
            f"  isolates: {self.isolates}\n"
            f"kv: {{read_latency: 5ms, read_at: end, write_latency: 80ms,"
            f" ttl: {self.ttl}, writes_per_key: unlimited}}\n"
            f"origin: {self.origin}\n"
            f"path: {self.path}\n"
        )


_SIZES: Final = (800, 100_000, 1_000_000)
_OBJECT: Final = "{durable_object: {id_from: global, gate: block_concurrency}}"

CASES: Final = {
    case.name: case
    for case in (
        Case("stampede, all miss", ttl="1ns", sizes=_SIZES),
        Case("one key, 50 % hits", ttl="100ms"),
        Case("one key, 90 % hits", ttl="1700ms"),
        Case("one key, 99 % hits", ttl="20s"),
        Case("one key, 99.9 % hits", ttl="200s", sizes=(1_000_000,)),
        Case("10,000 Zipf keys", keys="{kind: zipf, s: 1, n: 10k}", sizes=_SIZES),
        Case(
            "single flight, 400 isolates",
            path="[kv.read, single_flight, kv.write, origin]",
            ttl="1ns",
            model="single_flight",
        ),
        Case(
            "object per key",
            path="[kv.read, durable_object, kv.write, origin]",
            ttl="1ns",
            model="per_key",
            sizes=_SIZES,
        ),
        Case(
            "global object, blocking",
            path=f"[kv.read, {_OBJECT}, kv.write, origin]",
            keys="{kind: zipf, s: 1, n: 100}",
            model="global_blocking",
        ),
        Case("retry storm", file="retry-storm.yaml", model="retry", sizes=(10_619,)),
        Case(
            "M/M/1",
            path="[origin]",
            origin="{latency: {exponential: 8ms}, concurrency: 1}",
            model="queue",
            per_s=100,
            sizes=(10_000, 1_000_000),
        ),
    )
}
