"""Vocabularies and conditions for tests of the language."""

from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.parser import Vocabulary
from simcoalesce.conditions.truth import CHANGES, COMPARISONS

UNITS = {
    "origin_hits": "1",
    "errors": "1",
    "requests": "1",
    "latency_p99_s": "s",
    "peak_per_s": "1/s",
    "hit_ratio": "ratio",
    "cost_usd": "USD",
    "included.kv_reads": "1",
}
EXPECTED = Vocabulary(UNITS, "origin_hits <= 50")
CLAIMED = Vocabulary(UNITS, "errors@cure == 0", others=None, needs_units=False)
GATE = Vocabulary(
    UNITS,
    "errors worse by 5%",
    comparisons=COMPARISONS | CHANGES,
    others=frozenset({"base"}),
)
PRECISION = Vocabulary(UNITS, "errors within 2%", comparisons=frozenset({"within"}))


def a_condition(text: str) -> Condition:
    """Return a condition of a claim."""
    return CLAIMED.condition(text)
