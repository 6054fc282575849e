"""Tables: one of the three of the first run, by the name of the file."""

from importlib.util import find_spec
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, ClassVar

from typing_extensions import override

from simcoalesce.csv_text import CRLF, CsvFile, guarded_cell
from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export

if TYPE_CHECKING:
    import pandas as pd


class Table(Export):
    """requests, origin_hits or usage; a file of another name has the requests."""

    suffixes: ClassVar[tuple[str, ...]] = (".csv", ".parquet")

    @override
    def lacks(self, name: str) -> str:
        extra = "Parquet needs an extra: pip install 'simcoalesce[parquet]'"
        return "" if name.endswith(".csv") or find_spec("pyarrow") else extra

    @override
    def needs_rows(self, name: str) -> bool:
        return PurePath(name).stem != "usage"

    @override
    def write(self, result: Result, file: IO[bytes], name: str) -> None:
        outcomes = result.outcomes
        others = {"usage": outcomes.usage_table, "origin_hits": outcomes.origin_hits}
        table = others.get(PurePath(name).stem, outcomes.requests)
        if name.endswith(".csv"):
            text = CsvFile(file)
            _guarded(table).to_csv(text, index=False, lineterminator=CRLF)
            text.detach()
        else:
            table.to_parquet(file, index=False)


def _guarded(table: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table whose names no spreadsheet takes for formulas."""
    named = [str(name) for name in table.select_dtypes("category")]
    safe = {name: table[name].cat.rename_categories(guarded_cell) for name in named}
    return table.assign(**safe)
