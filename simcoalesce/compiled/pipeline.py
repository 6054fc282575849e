"""Pipeline: makes and counts traffic in a thread, while the compiled loop runs."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from types import TracebackType
from typing import Final, Self

from simcoalesce.request import Requests

_ALONE: Final = 4
"""This many chunks come without a thread: a short run is over by then."""
_AHEAD: Final = 4
"""This many chunks are made before they are asked for."""


class Pipeline:
    """One thread that makes traffic ahead of the loop, and counts behind it.

    It does one thing after the other, so nothing is out of order.
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._done: Future[None] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=kind is not None)
        if kind is None:
            self.wait()

    def ahead(self, chunks: Iterable[Requests]) -> Iterator[Requests]:
        """Yield the chunks, which are made before they are asked for."""
        source = iter(chunks)
        alone = 0
        for chunk in islice(source, _ALONE):
            alone += 1
            yield chunk
        if alone < _ALONE:
            return
        pool = self._pool = ThreadPoolExecutor(max_workers=1)
        due = deque(pool.submit(next, source, None) for _ in range(_AHEAD))
        while (made := due.popleft().result()) is not None:
            due.append(pool.submit(next, source, None))
            yield made

    def do(self, work: Callable[[], None]) -> None:
        """Do something behind the loop, which goes on meanwhile."""
        self.wait()
        if self._pool is None:
            work()
        else:
            self._done = self._pool.submit(work)

    def wait(self) -> None:
        """Wait until all is done that was handed over."""
        if self._done is not None:
            self._done.result()
            self._done = None
