"""Sections of W3C logs."""

import pytest

from simcoalesce.logs.sections import sections
from simcoalesce.logs.sources import LineBlock

ONE, OTHER = b"#Fields: a b\n", b"#Fields: b a\n"


@pytest.mark.parametrize(
    ("contents", "expected"),
    [
        ([b"1\n", b"2\n"], [(b"1\n", False), (b"2\n", False)]),
        ([ONE + b"1 2\n" + ONE + b"3 4\n"], [(ONE + b"1 2\n" + ONE + b"3 4\n", True)]),
        (
            [ONE + b"1 2\n" + OTHER + b"3 4\n"],
            [(ONE + b"1 2\n", True), (OTHER + b"3 4\n", True)],
        ),
        (
            [ONE + b"1 2\n" + OTHER, b"3 4\n"],
            [(ONE + b"1 2\n", True), (OTHER + b"3 4\n", True)],
        ),
    ],
)
def test_a_block_is_cut_where_columns_change(
    contents: list[bytes], expected: list[tuple[bytes, bool]]
) -> None:
    """And nowhere else; names without a row go with the next block."""
    found = list(sections(LineBlock(1, content) for content in contents))

    assert [(block.content, is_new) for block, is_new in found] == expected


def test_pieces_keep_their_numbers() -> None:
    """The second begins at line 3."""
    found = sections([LineBlock(1, ONE + b"1 2\n" + OTHER + b"3 4\n")])

    assert [block.first for block, _ in found] == [1, 3]
