"""The recorder: append-only; it makes the three tables of a run."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from struct import Struct
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.answer import ROW_FIELDS, Answer
from simcoalesce.model.note import UNKEPT, KeptNote, Note
from simcoalesce.outcomes import (
    NEVER,
    Lookup,
    Noted,
    OriginRows,
    Outcomes,
    RequestRows,
    Role,
    is_served,
)
from simcoalesce.request import Request, Requests
from simcoalesce.run_bounds import check_instant

# Rows are kept as they will stand in an array: as whole numbers of eight bytes.
_COLUMNS: Final = len(ROW_FIELDS)
_ANSWER: Final = Struct(f"{2 + _COLUMNS}q")
_CALL: Final = Struct("6q")
_RAN: Final = Struct("2q")


class Usage:
    """Counted operations, as price lists name them."""

    __slots__ = (
        "kv_reads",
        "kv_writes",
        "kv_writes_refused",
        "object_active_ns",
        "object_peak_queue",
        "object_requests",
        "response_bytes",
        "worker_requests",
        "worker_runs",
    )

    def __init__(self) -> None:
        self.worker_requests = 0
        self.worker_runs: int | None = None
        """How often a worker behind a cache ran; None if each request runs it."""
        self.kv_reads = 0
        self.kv_writes = 0
        self.kv_writes_refused = 0
        self.object_requests = 0
        self.object_active_ns = 0
        self.object_peak_queue = 0
        self.response_bytes = 0


class Recorder:
    """Notes what happens in one run."""

    def __init__(self, now_ns: Callable[[], int] | None = None) -> None:
        """Note nothing so far; with a clock, also when events of layers happen."""
        self._now_ns = now_ns
        self._notes: dict[str, KeptNote] = {}
        self.usage = Usage()
        self._names: list[str] = []
        self._events: Counter[str] = Counter()
        self._answers = bytearray()
        self._calls = bytearray()
        self._runs_at: dict[int, int] = {}
        self._ran = bytearray()

    def code_of(self, name: str) -> int:
        """Return the code of something that serves requests."""
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def name_of(self, code: int) -> str:
        """Return its name."""
        return self._names[code]

    def counter(self, unit: str) -> Callable[[], None]:
        """Return what counts an event of a layer, under a unit of its own."""
        self._events[unit] = 0
        note = self.note(unit)

        def count() -> None:
            self._events[unit] += 1

        def count_and_note() -> None:
            count()
            note.happened()

        return count_and_note if self.is_noting else count

    def count(self, unit: str, number: int) -> None:
        """Note how many events of a layer there were, under their unit."""
        self._events[unit] = number

    @property
    def is_noting(self) -> bool:
        """Whether it notes when events of layers happen."""
        return self._now_ns is not None

    def note(self, unit: str) -> Note:
        """Return what notes an event of a layer that tallies do not count."""
        if self._now_ns is None:
            return UNKEPT
        return self._notes.setdefault(unit, KeptNote(self._now_ns))

    def ran_at(self, request: Request, isolate: int) -> None:
        """Note which isolate runs a request: of several attempts, the last counts."""
        self._runs_at[request.id] = isolate

    def answered(self, request: Request, at_ns: int, answer: Answer) -> None:
        """Note that a request got its answer."""
        if request.id in self._runs_at:
            self._ran += _RAN.pack(request.id, self._runs_at.pop(request.id))
        if not request.storable:
            answer = answer._replace(lookup=Lookup.BYPASS, role=Role.NONE)
        self._answers += _ANSWER.pack(request.id, at_ns, *answer[:_COLUMNS])

    def completed(
        self,
        ids: NDArray[np.int64],
        at_ns: NDArray[np.int64] | int,
        answers: NDArray[np.int64] | Answer,
    ) -> None:
        """Note that many requests got their answers, each after one read.

        Args:
            ids: The requests, shape (n,).
            at_ns: When all or each were answered, in nanoseconds, shape (n,).
            answers: One for all, or what each got, shape (n, columns of a row).
        """
        rows = np.empty((len(ids), _ANSWER.size // 8), dtype=np.int64)
        rows[:, 0] = ids
        rows[:, 1] = at_ns
        rows[:, 2:] = answers[:_COLUMNS] if isinstance(answers, Answer) else answers
        self._answers += rows.tobytes()
        self.usage.kv_reads += len(rows)

    def called(
        self, request: Request, at_ns: int, completed_at_ns: int, answer: Answer
    ) -> None:
        """Note a call that the origin received, and its answer."""
        check_instant(completed_at_ns)
        self._calls += _CALL.pack(
            request.id,
            request.key,
            at_ns,
            completed_at_ns,
            answer.status,
            answer.version,
        )

    def finished(self, requests: Requests) -> tuple[RequestRows, OriginRows]:
        """Hand over the rows of the first requests, and of the calls since the last.

        Args:
            requests: All that arrived and were not handed over before. Rows go as far
                as all of them are answered; nothing of them is kept.
        """
        answers, calls = _table(self._answers, _ANSWER), _table(self._calls, _CALL)
        answers = answers[np.argsort(answers[:, 0], kind="stable")]
        ids = np.arange(requests.first_id, requests.first_id + len(answers))
        done = int(np.count_nonzero(answers[:, 0] == ids))
        self._answers, self._calls = bytearray(answers[done:]), bytearray()
        rows = _request_rows(self._placed(requests.first(done)), answers[:done, 1:])
        return rows, OriginRows(*calls.T)

    def outcomes(
        self,
        requests: Requests,
        *,
        keys: Sequence[str],
        locations: Sequence[str],
        cpu_ns: int = 0,
    ) -> Outcomes:
        """Return the three tables.

        Args:
            requests: All that arrived.
            keys: Names of the keys.
            locations: Names of the locations.
            cpu_ns: CPU time of each run of the worker, in nanoseconds.
        """
        answers = _table(self._answers, _ANSWER)
        answers = answers[np.argsort(answers[:, 0], kind="stable")]
        ids = np.arange(requests.first_id, requests.first_id + len(requests))
        assert np.array_equal(answers[:, 0], ids), "each request is answered once"
        return self.tables(
            requests,
            answers=answers[:, 1:],
            calls=_table(self._calls, _CALL),
            keys=keys,
            locations=locations,
            cpu_ns=cpu_ns,
        )

    def tables(
        self,
        requests: Requests,
        *,
        answers: NDArray[np.int64],
        calls: NDArray[np.int64],
        keys: Sequence[str],
        locations: Sequence[str],
        cpu_ns: int,
    ) -> Outcomes:
        """Return the three tables from rows of whole numbers.

        Args:
            requests: All that arrived.
            answers: When each was answered, and its answer, shape (requests, 10).
            calls: What `called` notes, in order of the calls, shape (calls, 6).
            keys: Names of the keys.
            locations: Names of the locations.
            cpu_ns: CPU time of each run of the worker, in nanoseconds.
        """
        return Outcomes(
            request_rows=_request_rows(self._placed(requests), answers),
            origin_rows=OriginRows(*calls.T),
            usage=self.counted(cpu_ns, len(calls)),
            keys=tuple(keys),
            locations=tuple(locations),
            layers=tuple(self._names),
            page=requests.page,
            noted=self._noted(),
        )

    def _noted(self) -> dict[str, Noted]:
        noted = ((unit, note.noted) for unit, note in self._notes.items())
        return {unit: one for unit, one in noted if one is not None}

    def _placed(self, requests: Requests) -> Requests:
        """Return answered requests, each in the isolate that ran it, as was noted."""
        if not self._ran:
            return requests
        ran = _table(self._ran, _RAN)
        index = ran[:, 0] - requests.first_id
        is_here, isolate = index < len(requests), requests.isolate.copy()
        isolate[index[is_here]] = ran[is_here, 1]
        self._ran = bytearray(ran[~is_here])
        return replace(requests, isolate=isolate)

    def counted(self, cpu_ns: int, origin_calls: int) -> dict[str, float]:
        """Return the counted operations by unit.

        Args:
            cpu_ns: CPU time of each run of the worker, in nanoseconds.
            origin_calls: How many calls the origin received.
        """
        usage = self.usage
        runs = usage.worker_requests if usage.worker_runs is None else usage.worker_runs
        return {
            "worker_requests": usage.worker_requests,
            "worker_cpu_ms": runs * cpu_ns / 1e6,
            "kv_reads": usage.kv_reads,
            "kv_writes": usage.kv_writes,
            "kv_writes_refused": usage.kv_writes_refused,
            "object_requests": usage.object_requests,
            # An active object is billed for 128 MB, whatever it uses (docs/model.md).
            "object_gb_s": usage.object_active_ns * 0.128 / 1e9,
            "object_peak_queue": usage.object_peak_queue,
            "origin_calls": origin_calls,
            "response_bytes": usage.response_bytes,
            **self._events,
        }


def _table(rows: bytearray, row: Struct) -> NDArray[np.int64]:
    """Return rows as an array, shape (rows, columns)."""
    return np.frombuffer(rows, np.int64).reshape(-1, row.size // 8)


def _request_rows(requests: Requests, answers: NDArray[np.int64]) -> RequestRows:
    completed_at_ns = answers[:, 0]
    column = {name: answers[:, i + 1] for i, name in enumerate(ROW_FIELDS)}
    is_cached = is_served(column["lookup"])
    return RequestRows(
        request=np.arange(requests.first_id, requests.first_id + len(requests)),
        key=requests.key,
        location=requests.location,
        isolate=requests.isolate,
        arrived_at_ns=requests.arrived_at_ns,
        completed_at_ns=completed_at_ns,
        status=column["status"],
        lookup=column["lookup"],
        role=column["role"],
        served_by=column["served_by"],
        age_ns=np.where(is_cached, completed_at_ns - column["generated_at_ns"], NEVER),
        attempts=column["attempts"],
    )
