"""Whatever a log holds, it is read or refused with a message, and every line counts."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simcoalesce.logs.log import Log
from simcoalesce.logs.log_format import log_formats
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.reader import read_log
from simcoalesce.spec import InputFile

FEW = settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
EXAMPLES = st.sampled_from([one.example for one in log_formats()])
PIECES = st.sampled_from(
    (
        *('"', " ", "\n", "9" * 25, "null", "true", "[", "]", "{", "}", "1e999", "-"),
        *("NaN", "\\", "\x00", ",,", "2026-13-45", "::", "0", "#Fields: a b\n"),
        "\udcff",
    )
)
Edits = list[tuple[float, int, str]]
EDITS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 9), PIECES), max_size=6)


def _read(content: bytes, folder: Path) -> Log | None:
    path = folder / "a.log"
    path.write_bytes(content)
    words = {"file": InputFile(written="a.log", path=path), "bad_lines": "100%"}
    try:
        return read_log(LogSpec.model_validate(words))
    except ValueError as error:
        told = str(error)
    assert "a.log" in told
    return None


def _edited(text: str, edits: Edits) -> bytes:
    for where, length, piece in edits:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    return text.encode(errors="surrogateescape")


@FEW
@given(EXAMPLES, st.integers(1, 3), EDITS)
def test_spoilt_logs(example: str, copies: int, edits: Edits) -> None:
    """Of each line it is known what became of it, and starts ascend."""
    text = "\n".join([example] * copies)
    with TemporaryDirectory() as folder:
        log = _read(_edited(text, edits), Path(folder))

    if log is not None:
        no_request = log.left_out.get("no request", 0)
        assert log.lines == len(log) + log.bad + no_request
        assert bool(np.all(np.diff(log.at_ns) >= 0))


@FEW
@given(st.binary(max_size=400))
def test_noise(content: bytes) -> None:
    """It is refused, or holds a request by chance."""
    with TemporaryDirectory() as folder:
        log = _read(content, Path(folder))

    assert log is None or len(log) <= log.lines
