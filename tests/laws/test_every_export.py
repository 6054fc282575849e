"""Laws of every export: it says what it writes, and writes the same each time."""

from io import BytesIO

import pytest

from simcoalesce.experiment.replicate import replicate
from simcoalesce.experiment.result import Result
from simcoalesce.report.export import export_for, exports
from tests.unit.experiment.builders import a_sale

FILES = [
    f"first{suffix}"
    for export in exports().values()
    for suffix in export.suffixes
    if suffix != ".parquet"  # an extra
]


@pytest.fixture(scope="module")
def result() -> Result:
    """Return the result of a small sale."""
    return replicate(a_sale(), replications=2)


@pytest.mark.parametrize("name", FILES)
def test_the_same_result_gives_the_same_bytes(name: str, result: Result) -> None:
    """A file can be compared."""
    export, first, again = export_for(name), BytesIO(), BytesIO()
    export.write(result, first, name)
    export.write(result, again, name)

    assert first.getvalue() == again.getvalue() != b""


def test_no_two_exports_write_the_same_suffix() -> None:
    """The name of a file says what it is."""
    suffixes = [one for export in exports().values() for one in export.suffixes]

    assert len(suffixes) == len(set(suffixes))


def test_the_longest_suffix_decides() -> None:
    """A trace is no result document."""
    assert export_for("run.trace.json").kind == "perfetto_trace"
    assert export_for("result.json").kind == "result_document"
    with pytest.raises(ValueError, match=r"write NAME\.csv, NAME\.hgrm, "):
        export_for("result.xlsx")
