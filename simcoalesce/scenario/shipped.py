"""Shipped scenarios: those of the project, in the wheel as in a checkout."""

from pathlib import Path
from typing import Final

_IN_THE_WHEEL: Final = Path(__file__).parents[1] / "scenarios"
_IN_A_CHECKOUT: Final = Path(__file__).parents[2] / "scenarios"


def shipped(name: str) -> Path:
    """Return the file of a scenario that comes with the package.

    Raises:
        ValueError: If there is none of that name.
    """
    for folder in (_IN_THE_WHEEL, _IN_A_CHECKOUT):
        path = folder / f"{name}.yaml"
        if path.is_file():
            return path
    raise ValueError(f'no scenario "{name}" comes with the package')
