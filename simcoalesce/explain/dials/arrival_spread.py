"""How long the burst took."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.explain.dial import Factor
from simcoalesce.explain.draft import Draft, scaled


class ArrivalSpread(Factor):
    """The same requests within a longer or a shorter time."""

    key: ClassVar[str] = "traffic.arrivals[0].within"

    kind: Literal["arrival_spread"] = "arrival_spread"

    @override
    def turn(self, draft: Draft, setting: float) -> str:
        bursts = draft.bursts()
        before = bursts[0]["within"]
        for burst in bursts:
            burst["within"] = scaled(burst["within"], setting)
        return f"the requests came within {bursts[0]['within']}, not {before}"
