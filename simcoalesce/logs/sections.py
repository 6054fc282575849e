"""Sections: a W3C log names its columns anew when its server starts again."""

from collections.abc import Iterable, Iterator
from typing import Final

from simcoalesce.logs.sources import LineBlock

_MARK: Final = b"#Fields:"


def sections(blocks: Iterable[LineBlock]) -> Iterator[tuple[LineBlock, bool]]:
    """Yield blocks, and whether one names other columns than those before it.

    A block is cut where columns are named anew, unless they are the same. One that
    would hold no row but only names is put in front of the next.
    """
    names = b""
    held: LineBlock | None = None
    for block in blocks:
        whole = block if held is None else _joined(held, block)
        held, is_new = None, False
        for piece in _cut(whole, names):
            named = _first_names(piece)
            is_new = named not in {b"", names}
            if is_new and not _has_row(piece):
                held = piece
                continue
            names = named or names
            yield piece, is_new
    if held is not None:
        yield held, False


def _joined(one: LineBlock, other: LineBlock) -> LineBlock:
    return LineBlock(one.first, one.content + other.content, other.too_long)


def _cut(block: LineBlock, names: bytes) -> Iterator[LineBlock]:
    """Cut a block in front of each line that names other columns."""
    content, number, too_long = block.content, block.first, block.too_long
    begin = at = 0
    while _MARK in content and (at := _next_mark(content, at)) >= 0:
        found = content[at : content.find(b"\n", at)].strip()
        if names and found != names and at > begin:
            piece = content[begin:at]
            yield LineBlock(number, piece, too_long)
            number, too_long, begin = number + piece.count(b"\n"), (), at
        names, at = found, at + 1
    yield LineBlock(number, content[begin:], too_long)


def _next_mark(content: bytes, start: int) -> int:
    if start == 0 and content.startswith(_MARK):
        return 0
    found = content.find(b"\n" + _MARK, start)
    return found + 1 if found >= 0 else -1


def _first_names(piece: LineBlock) -> bytes:
    at = _next_mark(piece.content, 0)
    return b"" if at < 0 else piece.content[at : piece.content.find(b"\n", at)].strip()


def _has_row(piece: LineBlock) -> bool:
    lines = piece.content.split(b"\n", 50)
    return any(line.strip() and not line.startswith(b"#") for line in lines)
