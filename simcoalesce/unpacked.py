"""Unpacked files: what a compressed file holds, by its first bytes."""

import bz2
import gzip
import lzma
import sys
import zlib
from typing import IO, Any, Final

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DAMAGED: Final = (
    EOFError,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    zstd.ZstdError,
)
"""What is raised while a compressed file is read that is damaged, or cut off."""
_OPENERS: Final[dict[bytes, Any]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\x00": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": zstd.ZstdFile,
}
_LONGEST_MAGIC: Final = 6
_SUFFIXES: Final = (".gz", ".bz2", ".xz", ".zst")


def plain_name(name: str) -> str:
    """Return the name of what is in a compressed file, as a rule.

    >>> plain_name("prices.yaml.gz"), plain_name("prices.yaml")
    ('prices.yaml', 'prices.yaml')
    """
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name


def unpacked(raw: IO[bytes]) -> IO[bytes]:
    """Return a file as it is, or what is in it if it is compressed.

    Known are gzip, bzip2, xz and zstd.
    """
    start = raw.read(_LONGEST_MAGIC)
    raw.seek(0)
    for magic, opener in _OPENERS.items():
        if start.startswith(magic):
            opened: IO[bytes] = opener(raw)
            return opened
    return raw
