"""Health of a server, by the answers that it gives to those who call it anyway."""

from simcoalesce.model.clock import NEVER_NS


class Health:
    """Whether a server is asked: it is out after some failures in a row, for a time.

    After that time one call is let through; while it has no answer, the others stay
    away for the same time again. Its success, or any other, brings the server back.

    Source: nginx, ngx_http_upstream_round_robin.c (``max_fails`` and ``fail_timeout``),
    read 2026-11-30; there failures need not be in a row.
    """

    def __init__(self, failures: int, back_after_ns: int) -> None:
        """Begin in good health.

        Args:
            failures: After how many in a row it is out.
            back_after_ns: For how long it is out.
        """
        self._limit = failures
        self._back_after_ns = back_after_ns
        self._failures = 0
        self._back_at_ns = NEVER_NS

    def is_in(self, now_ns: int) -> bool:
        """Return whether it may be asked."""
        return self._failures < self._limit or now_ns >= self._back_at_ns

    def asked(self, now_ns: int) -> None:
        """Note a call; if it is the first after the time out, others stay away."""
        if self._failures >= self._limit:
            self._back_at_ns = now_ns + self._back_after_ns

    def answered(self, now_ns: int, *, is_failure: bool) -> bool:
        """Note an answer; return whether it takes the server out."""
        if not is_failure:
            self._failures = 0
            return False
        self._failures += 1
        self._back_at_ns = now_ns + self._back_after_ns
        return self._failures == self._limit
