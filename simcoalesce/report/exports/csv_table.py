"""CSV: one of the three tables of the first run, by the name of the file."""

from typing import IO, ClassVar, Literal

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export
from simcoalesce.report.rows.tables import has_rows, table_of


class CsvTable(Export):
    """requests.csv, origin_hits.csv or usage.csv; any other name has the requests."""

    suffix: ClassVar[str | None] = ".csv"

    kind: Literal["csv_table"] = "csv_table"

    @override
    def needs_rows(self, name: str) -> bool:
        return has_rows(name)

    @override
    def write(self, result: Result, file: IO[bytes], name: str) -> None:
        table_of(result.outcomes, name).to_csv(file, index=False)
