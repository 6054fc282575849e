"""The page: a result with its pictures, in one HTML file."""

from typing import ClassVar, Literal

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export


class Page(Export):
    """What people look at; it needs no network."""

    suffix: ClassVar[str | None] = ".html"

    kind: Literal["page"] = "page"

    @override
    def text(self, result: Result) -> str:
        from simcoalesce.report.html.result_page import result_page  # noqa: PLC0415 - matplotlib

        return result_page(result)
