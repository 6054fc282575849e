"""Waits: what requests wait for in a layer, and for how long."""

from typing import NamedTuple

from simcoalesce.units import NS_PER_S


class Wait(NamedTuple):
    """What a miss waits for in a layer.

    Attributes:
        name: Of what it waits for, e.g. "KV write".
        length_ns: How long that takes on average.
        is_lookup: Whether the layer looks up at its end, and so sees what was stored
            meanwhile.
        is_body: Whether it is the body of an answer, whose headers are there.
        is_way: Whether it is a way, which passes whatever is found at its end.
    """

    name: str
    length_ns: float
    is_lookup: bool = False
    is_body: bool = False
    is_way: bool = False

    @property
    def length_s(self) -> float:
        """How long that takes on average."""
        return round(self.length_ns) / NS_PER_S
