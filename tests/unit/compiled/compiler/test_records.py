"""Records are the same in kernels and in Python."""

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="kernels are compiled with llvmlite")

from simcoalesce.compiled.compiler.kernels import Kernels
from simcoalesce.compiled.compiler.refusal import NotAKernelError
from simcoalesce.compiled.kernel import Numbers, Word
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.switch import Handlers, Switch
from tests.unit.compiled.compiler.machine import agrees

_FREE = [0] * 40


class _Pair(Record):
    one: int
    other: int


class _Node(Record):
    key: int
    is_open: bool
    share: float
    word: Word
    next: Link["_Node"]
    pair: _Pair


class _Wide(_Node):
    more: int


def _fields(m: Numbers) -> int:
    """Fields of each kind, read, written and changed in place."""
    node = _Node(m, 1)
    node.key, node.is_open, node.share = m[0], m[0] > 0, 2
    node.key += 5
    node.share += 0.25
    node.word = np.uint64(m[0]) << np.uint64(60)
    node.pair.other = int(node.word >> np.uint64(61)) + node.is_open
    return node.key + int(node.share * 4) + node.pair.other


def test_fields_keep_what_is_written() -> None:
    """7 + 5, four times 2.25, and half of 7 with a truth that counts as 1."""
    assert agrees(_fields, 7, *_FREE) == 12 + 9 + 4


def _links(m: Numbers) -> int:
    """A record that says where another is, and a copy of one that it holds."""
    first, second = _Node(m, 1), _Wide(m, 20)
    first.next = second
    first.next.key = 11
    second.pair.one, second.pair.other = 3, 4
    first.pair = second.pair
    second.pair.one = 0
    second.next = _Node(m, NOBODY)
    if second.next:
        return 0
    return first.next.key + first.pair.one + first.pair.at + _Node.width


def test_links_and_embedded_records() -> None:
    """A copy stays as it was; a record at NOBODY is none."""
    assert agrees(_links, 0, *_FREE) == 11 + 3 + 6 + 7


def _up(node: _Wide, by: int) -> int:
    node.more += by
    return node.more


def _down(by: int) -> int:
    return -by


_handlers: Handlers[[_Node, int], int] = Handlers("node by")
_UP, _DOWN = _handlers.add(_up), _handlers.add(_down)
_switch: Switch[[_Node, int], int] = Switch("node by", lambda: [_down, _up])


def _chosen(m: Numbers) -> int:
    """A number chooses a kernel, which names what it needs."""
    node = _Wide(m, 1)
    total = 0
    for number in range(2):
        total = 10 * total + _switch(number, node, 2) + _handlers(number, node, 3)
    return total + _UP + _DOWN


def test_a_number_chooses_a_kernel() -> None:
    """-2 and 3, then 5 and -3, and the two numbers 0 and 1."""
    assert agrees(_chosen, 0, *_FREE) == 10 * (-2 + 3) + (5 - 3) + 1


def _no_field(m: Numbers) -> int:
    return _Pair(m, 0).third  # type: ignore[attr-defined, no-any-return]


def _other_class(m: Numbers) -> int:
    node = _Node(m, 0)
    node.next = _Pair(m, 0)  # type: ignore[assignment]
    return 0


@pytest.mark.parametrize(
    ("kernel", "said"),
    [(_no_field, "a _Pair has no third"), (_other_class, "does not become a _Node")],
)
def test_what_is_wrong_is_refused(kernel: object, said: str) -> None:
    """With what it is, before anything runs."""
    with pytest.raises(NotAKernelError, match=said):
        Kernels().add(kernel, "kernel")  # type: ignore[arg-type]
