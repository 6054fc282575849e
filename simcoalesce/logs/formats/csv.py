"""CSV with a header: a time column, and what else is known."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

from simcoalesce.logs.log_format import Names, TableFormat

_TIMES = ("t_s", "t_ms", "t_us", "t_ns")


class Csv(TableFormat):
    """Instants of the run; each line stands for itself, also within quotes."""

    kind: ClassVar[str] = "csv"
    precedence: ClassVar[int] = 910
    expects: ClassVar[str] = "a CSV with a column t_s, t_ms, t_us or t_ns"
    example: ClassVar[str] = "t_ms,key\n0,/a\n12.5,/b"
    ignores: ClassVar[str] = ""
    since_start: ClassVar[tuple[str, ...]] = _TIMES
    columns: ClassVar[Mapping[str, Names]] = MappingProxyType(
        {"time": _TIMES} | {name: name for name in ("key", "location", "isolate")}
    )
