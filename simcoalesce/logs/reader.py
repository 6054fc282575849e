"""Reads logs into columns: one pass, bounded memory, bad lines counted."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Final

from typing_extensions import override

from simcoalesce.confinement import confining_folder, content_hidden
from simcoalesce.logs.block_columns import TARGET_PARTS, BlockReader
from simcoalesce.logs.block_pool import MOST_PROCESSES, is_large, read_blocks
from simcoalesce.logs.description import described
from simcoalesce.logs.growing_log import GrowingLog
from simcoalesce.logs.layout import Layout
from simcoalesce.logs.layout_choice import chosen_layout, first_lines
from simcoalesce.logs.log import Log
from simcoalesce.logs.log_spec import LogSpec
from simcoalesce.logs.sections import sections
from simcoalesce.logs.sources import LineBlock, blocks
from simcoalesce.logs.window import sampled, within
from simcoalesce.spec import InputFile

COLUMNS: Final = frozenset(
    {
        *("target", "method", "status", "duration_ns", "cache", "origin_ns"),
        *("origin_status", "location", "isolate"),
    }
)
"""The columns of a `Log` beside `at_ns`."""
_FIELDS_OF: Final = {
    "target": ("key", "host", "uri", "path", "query", "url", "request"),
    "method": ("method", "request"),
    "duration_ns": ("duration",),
    "origin_ns": ("origin_duration",),
}


def read_log(spec: LogSpec, columns: Collection[str] = COLUMNS) -> Log:
    """Return the requests of a log in order of time; those at the same time as written.

    Where starts are reckoned from ends, those at the same time stand in the order of
    their ends, the last first.

    What was read is remembered until a file changes.

    Args:
        spec: Which files, and how.
        columns: Which columns of a `Log` are wanted; the others are not read.

    Raises:
        ValueError: If a file cannot be read, has no known format, holds no request, or
            has more bad lines than allowed; it says which, and what to write.
    """
    name = ", ".join(map(str, spec.file))
    with content_hidden(name):
        state = tuple(map(_state, spec.file))
        log = _remembered(_Job(spec, frozenset(columns)), state)
    return log if confining_folder() is None else _without_content(log)


def _without_content(log: Log) -> Log:
    """Return a log that says nothing of what its lines hold."""
    warnings = (f"{log.name}: what is wrong with it is not shown",)
    known = warnings if log.warnings else ()
    return replace(log, assumptions=(), candidates=(), warnings=known)


class _Job:
    """What is to be read; equal if the same is written."""

    def __init__(self, spec: LogSpec, columns: frozenset[str]) -> None:
        self.spec = spec
        self.columns = columns
        words = spec.model_dump_json(include=set(LogSpec.model_fields))
        paths = tuple(file.path for file in spec.file)
        self._identity = (words, paths, spec.formats, columns)

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Job) and self._identity == other._identity

    @override
    def __hash__(self) -> int:
        return hash(self._identity)


def _state(file: InputFile) -> tuple[int, int]:
    try:
        state = file.path.stat()
    except OSError as error:
        raise ValueError(f"{file} cannot be read: {error.strerror}") from error
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=4)
def _remembered(
    job: _Job,
    state: tuple[tuple[int, int], ...],  # noqa: ARG001 - a part of the cache's key
) -> Log:
    columns = GrowingLog()
    for file in job.spec.file:
        _read_file(file, job, columns)
    spec = job.spec
    log = columns.log(spec)
    log = within(log, spec.from_ns, spec.until_ns, spec.timezone)
    return described(sampled(log, spec.sample, spec.key_rule), spec)


def _read_file(file: InputFile, job: _Job, columns: GrowingLog) -> None:
    found = blocks(file)
    first = next(found, None)
    layout = chosen_layout(file, first, job.spec)
    columns.begin(file, layout, first_lines(first))
    every = chain([first] if first else [], found)
    readers = _readers(file, job, layout, every)
    jobs = MOST_PROCESSES if is_large(file) else 1
    for block in read_blocks(readers, jobs=jobs):
        columns.add(block)


def _readers(
    file: InputFile, job: _Job, layout: Layout, every: Iterable[LineBlock]
) -> Iterator[tuple[LineBlock, BlockReader, int]]:
    """Yield the blocks of a file, who reads each, and how many lines are its head."""
    reader, skip = _reader(job, layout), layout.skip
    for number, (block, is_new) in enumerate(sections(every)):
        if is_new and number:
            reader = _reader(job, chosen_layout(file, block, job.spec))
        yield block, reader, skip
        skip = 0


def _reader(job: _Job, layout: Layout) -> BlockReader:
    wanted = job.columns | ({"duration_ns"} if layout.time_is == "end" else set())
    asked = {one.field for one in (*layout.only, *layout.where)}
    if asked & {*TARGET_PARTS}:
        asked.add("target")
    fields = {"time"}
    for name in (*wanted, *asked):
        fields.update(_FIELDS_OF.get(name, (name,)))
    return BlockReader(layout.of_fields(fields), wanted)
