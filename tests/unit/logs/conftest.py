"""Builders for logs: files, and what is read of them."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.spec import InputFile

LogFile = Callable[..., InputFile]
LogOf = Callable[..., Log]


@pytest.fixture
def log_file(tmp_path: Path) -> LogFile:
    """Write a log, compressed if its name says so."""

    def build(name: str, content: str | bytes) -> InputFile:
        plain = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.write_bytes(gzip.compress(plain) if name.endswith(".gz") else plain)
        return InputFile(written=name, path=path)

    return build


@pytest.fixture
def log_of(log_file: LogFile, tmp_path: Path) -> LogOf:
    """Read a text as a log, with the words that a scenario has for it."""

    def build(content: str | bytes, name: str = "a.log", **words: Any) -> Log:
        log_file(name, content)
        spec = LogSpec.model_validate(
            {"file": name} | words, context={"folder": tmp_path}
        )
        return read_log(spec)

    return build
