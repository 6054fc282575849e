"""Progress: on stderr, and only when a run lasts."""

import sys
from time import monotonic
from typing import Final, Self

_PATIENCE_S: Final = 0.5
_REDRAWN_S: Final = 0.1
_QUIET_PATIENCE_S: Final = 10.0


class Progress:
    """Says how many replications are done; a line that is redrawn on a terminal.

    Elsewhere, e.g. in the log of a CI job, it writes a line every ten seconds.
    """

    def __init__(
        self, *, is_wanted: bool = True, of_what: str = "replications"
    ) -> None:
        """Start the clock; say nothing if it is not wanted."""
        self._of_what = of_what
        self._is_wanted = is_wanted
        self._is_terminal = sys.stderr.isatty()
        self._began_s = monotonic()
        self._said_s = self._began_s
        self._is_drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def __call__(self, done: float, of: int | None = None) -> None:
        """Take note of how many are done, and of how many, if that is known."""
        now_s = monotonic()
        patience_s = _REDRAWN_S if self._is_drawn else _PATIENCE_S
        if not self._is_terminal:
            patience_s = _QUIET_PATIENCE_S
        if not self._is_wanted or now_s - self._said_s < patience_s:
            return
        self._said_s = now_s
        line = f"  {done:,} {self._of_what}"
        if of is not None:
            left_s = (now_s - self._began_s) / done * (of - done)
            share = f"{done:.1f} of {of} {self._of_what}"
            if done % 1 == 0:
                share = f"{done:.0f} of {of} {self._of_what}"
            elif of == 1:
                share = f"{done:.0%} of the run"
            line = f"  {share} · {left_s:.0f} s to go"
        if self._is_terminal:
            print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
            self._is_drawn = True
        else:
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    def of_unknown(self, done: float, _most: int | None = None) -> None:
        """Take note of how many are done, where nobody knows how many it will take."""
        self(done)

    @property
    def lasts_s(self) -> float:
        """How long it has lasted so far."""
        return monotonic() - self._began_s

    def restart(self) -> None:
        """Begin anew, for the next of several things that last."""
        self.clear()
        self._began_s = self._said_s = monotonic()
        self._is_drawn = False

    def clear(self) -> None:
        """Remove the line from the terminal."""
        if self._is_drawn:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # noqa: T201
