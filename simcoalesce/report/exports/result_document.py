"""The result document: the contract of `--json`."""

import json
from typing import ClassVar

from typing_extensions import override

from simcoalesce.experiment.result import Result
from simcoalesce.report.export import Export


class ResultDocument(Export):
    """Everything that automation reads; the same result gives the same bytes."""

    suffixes: ClassVar[tuple[str, ...]] = (".json",)

    @override
    def text(self, result: Result) -> str:
        return json.dumps(result.document(), indent=2, ensure_ascii=False) + "\n"
