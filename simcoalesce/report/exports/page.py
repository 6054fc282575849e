"""The page: a result with its pictures, in one HTML file."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export


class Page(Export):
    """What people look at; it needs no network."""

    suffixes: ClassVar[tuple[str, ...]] = (".html",)

    @override
    def text(self, result: Result) -> str:
        from simcoalesce.report.blocks.result import result_report  # noqa: PLC0415 - slow
        from simcoalesce.report.html.page import page  # noqa: PLC0415 - matplotlib

        return page(result_report(result))
