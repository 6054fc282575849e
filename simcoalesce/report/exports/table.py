"""Tables: one of the three of the first run, by the name of the file."""

from importlib.util import find_spec
from pathlib import PurePath
from typing import IO, ClassVar

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export


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
            table.to_csv(file, index=False)
        else:
            table.to_parquet(file, index=False)
