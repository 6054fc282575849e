"""The result document: the contract of `--json`."""

from typing import ClassVar

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.json_text import json_text
from simcoalesce.report.export import Export


class ResultDocument(Export):
    """Everything that automation reads; the same result gives the same bytes."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    @override
    def text(self, result: Result) -> str:
        return json_text(result.document(), indent=2) + "\n"
