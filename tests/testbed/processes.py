"""Processes that a command has started, as the system shows them."""

import time
from pathlib import Path
from typing import Final

_GONE: Final = (FileNotFoundError, ProcessLookupError)
"""What the system says of a process that has ended meanwhile."""


def children_running(parent: int, program: Path) -> list[int]:
    """Wait until a command has started a program; return its processes."""
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        found = [child for child in descendants(parent) if runs(child, program)]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{program} does not start")


def runs(process: int, program: Path) -> bool:
    """Say whether a process runs a program."""
    try:
        return Path(f"/proc/{process}/exe").samefile(program)
    except _GONE:
        return False


def descendants(parent: int) -> list[int]:
    """Return the children of a process, and theirs."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except _GONE:
        return []
    children = [int(child) for child in text.split()]
    return [*children, *(d for child in children for d in descendants(child))]


def is_running(process: int) -> bool:
    """Say whether a process exists, and is no zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except _GONE:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def ended(processes: list[int]) -> bool:
    """Wait until processes have ended; say whether they have."""
    deadline_s = time.monotonic() + 10
    while any(map(is_running, processes)) and time.monotonic() < deadline_s:
        time.sleep(0.1)
    return not any(map(is_running, processes))
