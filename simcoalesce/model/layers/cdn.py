"""cdn: a cache of a location or a tier, with or without collapsed forwarding."""

from typing import Literal

from simcoalesce.model.shared_cache import CollapsingLayer


class Cdn(CollapsingLayer):
    """A cache that all isolates of a location share, with or without collapsing.

    With `lock`, who misses while a fetch of the key is under way waits for its answer.
    If that may not be shared (not cacheable, or a 429), all who wait fetch at once,
    each for itself, and later ones wait for the first of them. Those who wait for
    another error fetch once more, together, and share what comes, unless the fetch was
    to renew an expired answer: then they share the error. What they fetch is stored,
    but for no longer than the fetch that later ones wait for meanwhile: that one's
    answer removes it, and is itself not stored. An answer that has expired when it
    comes (it says 0 s, or its fetch took as long as it lasts) is stored where answers
    stream; those who waited for it renew it together, unless it was a renewal.

    Who waits is answered from the headers on, and so is who comes while the body does,
    with `lock` or without (`incomplete`). Simplification: a client that leaves during
    the body changes nothing (Squid fetches on what is smaller than 16 KB).

    Squid's `collapsed_forwarding` is `{whole_seconds: true, abandons: true}`; HAProxy's
    cache, `{whole_seconds: true, lock: false, incomplete: displaces}`.

    Source: Squid 5.7, client_side_reply.cc, and runs; HAProxy 2.6, cache.c; 2026-11.
    """

    kind: Literal["cdn"] = "cdn"
