"""Prefetch: what is far away is asked for before it is needed."""

from typing import Any


def prefetch(memory: Any, address: int) -> None:
    """Ask for the numbers at an address, which are needed soon.

    For the compiler alone, which makes an instruction of it (`build`).
    """
