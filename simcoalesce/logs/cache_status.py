"""Cache status: what a cache did with a request, whoever wrote the log."""

from enum import IntEnum
from functools import lru_cache
from typing import Final

NOT_LOGGED: Final = -1


class CacheStatus(IntEnum):
    """What a cache did; its number is the code in a `Log`."""

    HIT = 0
    """Answered from the store, fresh."""
    MISS = 1
    """Not stored: fetched."""
    EXPIRED = 2
    """Stored and too old: fetched anew."""
    STALE = 3
    """Answered from the store although too old, e.g. as the origin failed."""
    UPDATING = 4
    """Answered from the store although too old, while another request fetches."""
    REVALIDATED = 5
    """Stored and too old; the origin said that it still holds."""
    BYPASS = 6
    """Passed the store by: not cacheable, or told to."""
    COALESCED = 7
    """Waited for the fetch of another request."""
    ERROR = 8
    """The cache itself answered with an error, or refused."""


_WORDS: Final = {
    CacheStatus.HIT: "HIT MEM_HIT IMS_HIT HIT_MEM HIT_DISK HIT_CLUSTER RAM_HIT"
    " NEGATIVE_HIT OFFLINE_HIT ORIGINSHIELDHIT HIT_LOCAL CACHE_HIT TRUE 1"
    " STREAM_HIT RESPONSE_FROM_CACHE",
    CacheStatus.MISS: "MISS SWAPFAIL_MISS MISS_CLUSTER CACHE_MISS HIT_FOR_MISS HITMISS"
    " SCARCE FALSE 0 DEFERRED RESPONSE_SENT_BY_BACKEND",
    CacheStatus.EXPIRED: "EXPIRED REFRESH_MODIFIED REFRESH_MISS CLIENT_REFRESH_MISS",
    CacheStatus.STALE: "STALE HIT_STALE REFRESH_FAIL REFRESH_FAIL_OLD REFRESH_FAIL_HIT"
    " STALE_HIT GRACE HIT_STALE_CLUSTER",
    CacheStatus.UPDATING: "UPDATING HIT_WHILE_REVALIDATE STALE_WHILE_REVALIDATE",
    CacheStatus.REVALIDATED: "REVALIDATED REFRESH_HIT REFRESHHIT REFRESH_UNMODIFIED"
    " RESPONSE_FROM_CACHE_VALIDATED",
    CacheStatus.BYPASS: "BYPASS PASS PIPE DYNAMIC UNCACHEABLE HIT_FOR_PASS HITPASS"
    " TUNNEL IGNORED NOT_CACHEABLE",
    CacheStatus.COALESCED: "COALESCED COLLAPSED CF_HIT CLUSTER_HIT HIT_WAIT"
    " HIT_WAIT_CLUSTER",
    CacheStatus.ERROR: "ERROR SYNTH DENIED LIMITEXCEEDED CAPACITYEXCEEDED REDIRECT"
    " ERR_CONNECT_FAIL ERR_CLIENT_ABORT CLIENT_ERROR",
}
_STATUS: Final = {word: one for one, words in _WORDS.items() for word in words.split()}


@lru_cache(maxsize=1_024)
def cache_status(written: str) -> int:
    """Return the code of a written status, NOT_LOGGED if the word is not known.

    >>> CacheStatus(cache_status("TCP_MEM_HIT")).name, cache_status("none")
    ('HIT', -1)
    """
    word = written.strip().upper().replace("-", "_").removeprefix("TCP_")
    return int(_STATUS.get(word, NOT_LOGGED))
