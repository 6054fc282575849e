"""Prefetch: what is far away is asked for before it is needed."""

from simcoalesce.compiled.kernel import Numbers


def prefetch(memory: Numbers, address: int) -> None:
    """Ask for the numbers at an address, which are needed soon.

    The compiler makes an instruction of it; in Python it does nothing.
    """
