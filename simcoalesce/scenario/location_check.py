"""Location check: do the layers name locations that the traffic has?"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simcoalesce.model.layer import Layer
from simcoalesce.scenario.input_file import input_files
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.traffic.traffic import Traffic


class LocationError(NamedTuple):
    """A location that nobody comes from: in which layer, under which key."""

    at: int
    key: str
    message: str


def location_errors(path: Sequence[Layer], traffic: Traffic) -> Iterator[LocationError]:
    """Yield the locations that layers name and the traffic does not have.

    A log may name locations of its own: with one, nothing is said.
    """
    if any(input_files(traffic)):
        return
    for index, layer in enumerate(path):
        for key, name in layer.locations_named():
            if name not in traffic.locations:
                meant = did_you_mean(name, traffic.locations) or "."
                there = f" The traffic has: {listed(traffic.locations)}"
                message = f'no location is named "{name}"{meant}{there}'
                yield LocationError(index, key, message)
