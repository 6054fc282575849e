"""Compressed files are told by their first bytes, not by their names."""

import bz2
import gzip
import io
import lzma
import sys
from collections.abc import Callable

import pytest

from simcoalesce.unpacked import plain_name, unpacked

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


@pytest.mark.parametrize(
    "compress", [bytes, gzip.compress, bz2.compress, lzma.compress, zstd.compress]
)
def test_a_file_is_read_as_what_is_in_it(compress: Callable[[bytes], bytes]) -> None:
    """Compressed by any of four, or not at all."""
    raw = io.BytesIO(compress(b"a,b\n1,2\n"))

    assert unpacked(raw).read() == b"a,b\n1,2\n"


def test_an_empty_file_is_empty() -> None:
    """It has no first bytes."""
    assert unpacked(io.BytesIO(b"")).read() == b""


@pytest.mark.parametrize("name", ["a.yaml", "a.yaml.gz", "a.yaml.zst", "a.yaml.xz"])
def test_a_suffix_of_compression_is_no_part_of_a_name(name: str) -> None:
    """What is in it has the name before it."""
    assert plain_name(name) == "a.yaml"
