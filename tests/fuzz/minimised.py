"""Minimising: the same fault, from less."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from tests.fuzz.campaign import tried_apart
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind

_MOST_TRIES: Final = 300


def of_what(fault: str) -> str:
    """Return a fault without its numbers: which of them are one."""
    return re.sub(r"\d+", "N", fault)


def minimised(kind: Kind, given: FuzzInput, fault: str) -> FuzzInput:
    """Return an input with the same fault, from which nothing can be left out alone."""
    left = [_MOST_TRIES]

    def has_fault(smaller: FuzzInput) -> bool:
        left[0] -= 1
        return of_what(tried_apart(kind, smaller).fault) == of_what(fault)

    smaller: FuzzInput | None = given
    while smaller is not None and left[0] > 0:
        given, smaller = smaller, _smaller(given, has_fault, left)
    return given


def _smaller(
    given: FuzzInput, has_fault: Callable[[FuzzInput], bool], left: list[int]
) -> FuzzInput | None:
    for one in _parts_left_out(given):
        if left[0] <= 0:
            return None
        if has_fault(one):
            return one
    return None


def _parts_left_out(given: FuzzInput) -> Iterator[FuzzInput]:
    """Yield an input without one part of it each, the large parts first."""
    for index in range(len(given.arguments)):
        rest = given.arguments[:index] + given.arguments[index + 1 :]
        yield replace(given, arguments=rest)
    for name, content in given.files.items():
        yield replace(given, files={k: v for k, v in given.files.items() if k != name})
        for shorter in _cuts(content):
            yield replace(given, files={**given.files, name: shorter})


def _cuts(content: bytes) -> Iterator[bytes]:
    """Yield a text without some lines, then without some signs."""
    for parts, joint in ((content.split(b"\n"), b"\n"), ([*_signs(content)], b"")):
        width = len(parts) // 2
        while width:
            for begin in range(0, len(parts), width):
                yield joint.join(parts[:begin] + parts[begin + width :])
            width //= 2


def _signs(content: bytes) -> Iterator[bytes]:
    return (content[at : at + 1] for at in range(min(len(content), 2_000)))
