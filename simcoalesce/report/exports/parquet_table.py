"""Parquet: one of the three tables of the first run, by the name of the file."""

from importlib.util import find_spec
from typing import IO, ClassVar, Literal

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export
from simcoalesce.report.rows.tables import has_rows, table_of


class ParquetTable(Export):
    """requests.parquet, origin_hits.parquet or usage.parquet, as in CSV."""

    suffix: ClassVar[str | None] = ".parquet"

    kind: Literal["parquet_table"] = "parquet_table"

    @property
    @override
    def lacks(self) -> str:
        extra = "Parquet needs an extra: pip install 'simcoalesce[parquet]'"
        return "" if find_spec("pyarrow") else extra

    @override
    def needs_rows(self, name: str) -> bool:
        return has_rows(name)

    @override
    def write(self, result: Result, file: IO[bytes], name: str) -> None:
        table_of(result.outcomes, name).to_parquet(file, index=False)
