"""The recorder: append-only; it makes the three tables of a run."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simcoalesce.model.answer import Answer
from simcoalesce.outcomes import NEVER, OriginRows, Outcomes, RequestRows
from simcoalesce.request import Request, Requests

_FLUSH: Final = 1 << 16
_ANSWER_COLUMNS: Final = len(Answer._fields)


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
    )

    def __init__(self) -> None:
        self.worker_requests = 0
        self.kv_reads = 0
        self.kv_writes = 0
        self.kv_writes_refused = 0
        self.object_requests = 0
        self.object_active_ns = 0
        self.object_peak_queue = 0
        self.response_bytes = 0


class _Rows:
    """Rows of whole numbers, kept as arrays once there are many."""

    __slots__ = ("_columns", "_full", "append", "rows")

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._full: list[NDArray[np.int64]] = []
        self.rows: list[tuple[int, ...]] = []
        self.append = self.rows.append

    def add(self, rows: NDArray[np.int64]) -> None:
        """Add rows that are an array already."""
        self._full.append(rows)

    def flush(self) -> None:
        """Move the rows so far into an array."""
        self._full.append(np.array(self.rows, dtype=np.int64))
        self.rows.clear()

    def take(self) -> NDArray[np.int64]:
        """Return all rows, and keep none."""
        table = self.table()
        self._full.clear()
        return table

    def table(self) -> NDArray[np.int64]:
        """Return all rows, shape (rows, columns)."""
        if self.rows:
            self.flush()
        empty = np.empty((0, self._columns), dtype=np.int64)
        return np.concatenate([empty, *self._full])


class Recorder:
    """Notes what happens in one run."""

    def __init__(self) -> None:
        self.usage = Usage()
        self._names: list[str] = []
        self._answers = _Rows(2 + _ANSWER_COLUMNS)
        self._calls = _Rows(6)

    def code_of(self, name: str) -> int:
        """Return the code of something that serves requests."""
        if name not in self._names:
            self._names.append(name)
        return self._names.index(name)

    def name_of(self, code: int) -> str:
        """Return the name of something that serves requests."""
        return self._names[code]

    def answered(self, request: Request, at_ns: int, answer: Answer) -> None:
        """Note that a request got its answer."""
        answers = self._answers
        answers.append((request.id, at_ns, *answer))
        if len(answers.rows) >= _FLUSH:
            answers.flush()

    def settled(self, rows: NDArray[np.int64]) -> None:
        """Note that many requests got their hits.

        Args:
            rows: Request id, instant of the answer, answer; shape (n, 11).
        """
        self._answers.add(rows)
        self.usage.kv_reads += len(rows)

    def called(
        self, request: Request, at_ns: int, completed_at_ns: int, answer: Answer
    ) -> None:
        """Note a call that the origin received, and its answer."""
        calls = self._calls
        calls.append(
            (
                request.id,
                request.key,
                at_ns,
                completed_at_ns,
                answer.status,
                answer.version,
            )
        )
        if len(calls.rows) >= _FLUSH:
            calls.flush()

    def finished(self, requests: Requests) -> tuple[RequestRows, OriginRows]:
        """Hand over the rows of the first requests, and of the calls since the last.

        Args:
            requests: All that arrived and were not handed over before. Rows go as far
                as all of them are answered; nothing of them is kept.
        """
        answers = self._answers.take()
        answers = answers[np.argsort(answers[:, 0], kind="stable")]
        ids = np.arange(requests.first_id, requests.first_id + len(answers))
        done = int(np.count_nonzero(answers[:, 0] == ids))
        self._answers.add(answers[done:])
        rows = _request_rows(requests.first(done), answers[:done, 1:])
        return rows, OriginRows(*self._calls.take().T)

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
            cpu_ns: CPU time of each worker request, in nanoseconds.
        """
        answers = self._answers.table()
        answers = answers[np.argsort(answers[:, 0], kind="stable")]
        ids = np.arange(requests.first_id, requests.first_id + len(requests))
        assert np.array_equal(answers[:, 0], ids), "each request is answered once"
        return self.tables(
            requests,
            answers=answers[:, 1:],
            calls=self._calls.table(),
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
            cpu_ns: CPU time of each worker request, in nanoseconds.
        """
        return Outcomes(
            request_rows=_request_rows(requests, answers),
            origin_rows=OriginRows(*calls.T),
            usage=self.counted(cpu_ns, len(calls)),
            keys=tuple(keys),
            locations=tuple(locations),
            layers=tuple(self._names),
        )

    def counted(self, cpu_ns: int, origin_calls: int) -> dict[str, float]:
        """Return the counted operations by unit.

        Args:
            cpu_ns: CPU time of each worker request, in nanoseconds.
            origin_calls: How many calls the origin received.
        """
        usage = self.usage
        return {
            "worker_requests": usage.worker_requests,
            "worker_cpu_ms": usage.worker_requests * cpu_ns / 1e6,
            "kv_reads": usage.kv_reads,
            "kv_writes": usage.kv_writes,
            "kv_writes_refused": usage.kv_writes_refused,
            "object_requests": usage.object_requests,
            # An active object is billed for 128 MB, whatever it uses (docs/model.md).
            "object_gb_s": usage.object_active_ns * 0.128 / 1e9,
            "object_peak_queue": usage.object_peak_queue,
            "origin_calls": origin_calls,
            "response_bytes": usage.response_bytes,
        }


def _request_rows(requests: Requests, answers: NDArray[np.int64]) -> RequestRows:
    completed_at_ns = answers[:, 0]
    column = {name: answers[:, i + 1] for i, name in enumerate(Answer._fields)}
    is_cached = column["lookup"] > 0
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
