"""Growing log: the blocks of all files of a log become one log."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.logs.advice import advice
from simcoalesce.logs.block_columns import BAD_LINES_SHOWN, BlockColumns, Name
from simcoalesce.logs.cache_status import NOT_LOGGED
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.log import Log, RequestTarget
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.stamps import COARSEST_NS, stamp_of_log
from simcoalesce.spec import InputFile
from simcoalesce.units import format_ratio

_MOST_NAME_BYTES: Final = 1 << 30
_BYTES_PER_NAME: Final = 200
_NUMBERS: Final = {
    "status": (np.int16, 0),
    "origin_status": (np.int16, 0),
    "cache": (np.int8, NOT_LOGGED),
    "isolate": (np.int32, NOT_LOGGED),
    "duration_ns": (np.int64, NOT_LOGGED),
    "origin_ns": (np.int64, NOT_LOGGED),
}
_CODES: Final = {"target": np.int32, "method": np.int8, "location": np.int32}
_MOST_METHODS: Final = 100
_STARTS: Final = ("ends", "reckoned", "logged")
"""Where starts come from; of several files, the first of these that one has."""

Column = NDArray[Any]


@dataclass
class FileColumns:
    """What one file says, block by block.

    Attributes:
        head: Its first lines, for messages.
        starts: As in a `Log`.
    """

    file: InputFile
    layout: Layout
    head: Sequence[str]
    blocks: list[BlockColumns] = field(default_factory=list)
    lines: int = 0
    bad: int = 0
    bad_lines: list[str] = field(default_factory=list)
    stamp_ns: int = COARSEST_NS
    starts: str = "logged"

    def __post_init__(self) -> None:
        """Take times for what they are until there is a duration."""
        if self.layout.time_is == "end":
            self.starts = "ends"

    @property
    def name(self) -> str:
        """How messages call it."""
        return str(self.file)

    def add(self, block: BlockColumns) -> None:
        """Take in a block; its names have the codes of the whole log by now."""
        took_ns = block.numbers.get("duration_ns")
        if self.layout.time_is == "end" and took_ns is not None:
            block.at_ns = block.at_ns - np.maximum(took_ns, 0)
            if bool((took_ns != NOT_LOGGED).any()):
                self.starts = "reckoned"
        self.blocks.append(block)
        self.lines += block.lines
        self.bad += block.bad
        self.bad_lines += block.bad_lines[: BAD_LINES_SHOWN - len(self.bad_lines)]
        self.stamp_ns = min(self.stamp_ns, block.stamp_ns)

    def check(self, bad_lines_ratio: float) -> None:
        """Refuse a file of too many bad lines, or of none that is good.

        Raises:
            ValueError: If it is one.
        """
        if self.bad > bad_lines_ratio * self.lines:
            allowed = format_ratio(bad_lines_ratio)
            raise ValueError(
                f"{self.bad_lines_text()}; that is more than bad_lines: {allowed}. Or"
                f" the format is another: {advice(self.file, self.head)}"
            )
        if self.lines == self.bad:
            raise ValueError(f"{self.name} holds no request")

    def bad_lines_text(self) -> str:
        """Return how many lines do not parse, and the first of them."""
        return (
            f"{self.name}: {self.bad:,} of {self.lines:,} lines do not parse: "
            + "; ".join(self.bad_lines)
            + ("; ..." if self.bad > len(self.bad_lines) else "")
        )

    @property
    def has_requests(self) -> bool:
        """Whether some of its requests count."""
        return any(len(block.at_ns) for block in self.blocks)

    @property
    def first_ns(self) -> int:
        """Its earliest instant; 0 if it has none."""
        found = (int(b.at_ns.min()) for b in self.blocks if len(b.at_ns))
        return min(found, default=0)


class GrowingLog:
    """The columns of a log while it is read."""

    def __init__(self) -> None:
        self.names: dict[str, dict[Name, int]] = {name: {} for name in _CODES}
        self.files: list[FileColumns] = []
        self.name_bytes = 0

    def begin(self, file: InputFile, layout: Layout, head: Sequence[str]) -> None:
        """Take in the blocks of a file from now on.

        Raises:
            ValueError: If its times and those of the files before are of two kinds.
        """
        new = FileColumns(file, layout, head)
        for other in self.files:
            if other.layout.time.is_wall_clock != layout.time.is_wall_clock:
                raise ValueError(
                    f"{other.name} and {file} are no one log: the times of one are"
                    " those of a clock, the other's count from a start; write two"
                    " phases"
                )
        self.files.append(new)

    def add(self, block: BlockColumns) -> None:
        """Take in a block of the last file."""
        for name, column in block.coded.items():
            codes = np.array([*self._codes(name, column.names), 0], dtype=np.int64)
            column.codes = codes[column.codes].astype(_CODES[name])
            column.names = []
        for name, numbers in block.numbers.items():
            block.numbers[name] = numbers.astype(_NUMBERS[name][0])
        self.files[-1].add(block)

    def _codes(self, column: str, names: Sequence[Name]) -> Iterator[int]:
        table = self.names[column]
        for name in names:
            code = NOT_LOGGED if name is None else table.get(name)
            if code is None:
                code = table[name] = len(table)
                self._count(name)
            yield code
        if column == "method" and len(table) > _MOST_METHODS:
            raise ValueError(
                f"{self.files[-1].name}: there are more than {_MOST_METHODS} methods,"
                f" such as {list(table)[-1]:.20}; the format is another"
            )

    def _count(self, name: Name) -> None:
        texts = name if isinstance(name, tuple) else (name,)
        self.name_bytes += _BYTES_PER_NAME + sum(len(text) for text in texts if text)
        if self.name_bytes > _MOST_NAME_BYTES:
            raise ValueError(f"{self.files[-1].name}: more different keys than 1 GiB")

    def log(self, spec: LogSpec) -> Log:
        """Return what was read, in order of time.

        Raises:
            ValueError: If a file has too many bad lines, or there is no request.
        """
        for file in self.files:
            file.check(spec.bad_lines_ratio)
        used = [file for file in self.files if file.has_requests] or self.files
        # Rotated files may come in any order; stamps alone would leave ties so.
        blocks = [
            block
            for file in sorted(used, key=lambda file: file.first_ns)
            for block in file.blocks
        ]
        starts = {file.starts for file in used}
        at_ns, columns = _joined(blocks, latest_first="reckoned" in starts)
        log = Log(
            name=", ".join(file.name for file in self.files),
            at_ns=at_ns,
            target=columns["target"],
            method=columns["method"],
            status=columns["status"],
            duration_ns=columns["duration_ns"],
            cache=columns["cache"],
            origin_ns=columns["origin_ns"],
            origin_status=columns["origin_status"],
            location=columns["location"],
            isolate=columns["isolate"],
            targets=tuple(RequestTarget(*pair) for pair in self.names["target"]),
            methods=tuple(self.names["method"]),
            locations=tuple(self.names["location"]),
            starts=next(one for one in _STARTS if one in starts),
        )
        return self._understood(log, used, blocks)

    def _understood(
        self, log: Log, used: list[FileColumns], blocks: list[BlockColumns]
    ) -> Log:
        layout = used[0].layout
        logged = set().union(*(block.logged for block in blocks))
        left_out: Counter[str] = Counter()
        for block in blocks:
            left_out.update(block.left_out)
        is_wall_clock = layout.time.is_wall_clock
        stamp_ns = min(file.stamp_ns for file in used)
        return replace(
            log,
            is_wall_clock=is_wall_clock,
            stamp_ns=stamp_of_log(log.at_ns, stamp_ns, is_wall_clock=is_wall_clock),
            format=" + ".join(dict.fromkeys(file.layout.kind for file in used)),
            fields=MappingProxyType(
                {n: of for n, of in layout.parser.fields.items() if n in logged}
            ),
            others=layout.others,
            candidates=layout.candidates,
            lines=sum(file.lines for file in self.files),
            bad=sum(file.bad for file in self.files),
            bad_lines=tuple(f for file in self.files for f in file.bad_lines),
            left_out=MappingProxyType(dict(left_out)),
            assumptions=tuple(
                dict.fromkeys(one for f in used for one in f.layout.assumptions)
            ),
            warnings=tuple(f.bad_lines_text() for f in self.files if f.bad),
        )


def _joined(
    blocks: list[BlockColumns], *, latest_first: bool
) -> tuple[Column, dict[str, Column]]:
    """Return the columns of all blocks in order of time."""
    at_ns = np.concatenate([block.at_ns for block in blocks])
    columns: dict[str, Column] = {}
    for name, (kind, nothing) in _NUMBERS.items():
        parts = [block.numbers.pop(name, None) for block in blocks]
        columns[name] = _column(parts, blocks, kind, nothing)
    for name, code_kind in _CODES.items():
        found = [block.coded.pop(name, None) for block in blocks]
        parts = [one.codes if one else None for one in found]
        columns[name] = _column(parts, blocks, code_kind, NOT_LOGGED)
    if latest_first or not bool(np.all(at_ns[1:] >= at_ns[:-1])):
        order = _order(at_ns, latest_first=latest_first)
        at_ns = at_ns[order]
        columns = {
            name: column if column.strides == (0,) else column[order]
            for name, column in columns.items()
        }
    return at_ns, columns


def _order(at_ns: Column, *, latest_first: bool) -> Column:
    """Return the order of starts; of one instant, as written or the other way round.

    What ends last is written last. Of calls that began in the same millisecond those
    that an origin refused end first, and the one that it admitted came before them: a
    replay in the order of ends gives the token of a bucket to another key.
    """
    if not latest_first:
        return np.argsort(at_ns, kind="stable")
    return len(at_ns) - 1 - np.argsort(at_ns[::-1], kind="stable")


def _column(
    parts: list[Column | None], blocks: list[BlockColumns], kind: Any, nothing: int
) -> Column:
    if all(part is None for part in parts):
        length = sum(len(block.at_ns) for block in blocks)
        return np.broadcast_to(np.array(nothing, dtype=kind), (length,))
    return np.concatenate(
        [
            np.full(len(block.at_ns), nothing, dtype=kind) if part is None else part
            for part, block in zip(parts, blocks, strict=True)
        ]
    )
