"""Leases: a store that says who may fetch what it does not have, in one step."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from simcoalesce.model.clock import Clock
from simcoalesce.model.kv import Entry
from simcoalesce.model.redis import ONE, RedisServer, expires_at_ns
from simcoalesce.model.store import Store

_LEASE: Final = "lease"


class LeaseLookup(NamedTuple):
    """What a look-up gives: a value, perhaps an old one, or a lease, or nothing.

    Attributes:
        entry: The value; None if there is none.
        is_stale: Whether it is an old one.
        is_leased: Whether who asked may fetch.
    """

    entry: Entry | None = None
    is_stale: bool = False
    is_leased: bool = False


class Leases:
    """The values, and the leases on keys that have none."""

    def __init__(
        self,
        server: RedisServer,
        clock: Clock,
        values: Store[Entry],
        *,
        lease_ttl_ns: int,
        stale_ttl_ns: int,
    ) -> None:
        """Make the store.

        Args:
            server: Where the leases are.
            clock: The clock.
            values: Where the values are.
            lease_ttl_ns: How long a lease lasts.
            stale_ttl_ns: How long an old value is kept.
        """
        self._server = server
        self._lease_ttl_ns = lease_ttl_ns
        self._stale_ttl_ns = stale_ttl_ns
        self._clock = clock
        self._values = values

    def new_token(self) -> int:
        """Return a token that nobody has."""
        return self._server.new_token()

    def get(self, key: int, token: int, at_ns: int) -> LeaseLookup:
        """Return the value of a key, or lease it to a token, or return an old value."""
        entry = self._values.get(ONE, key)
        if entry is not None and at_ns < entry.expires_at_ns:
            return LeaseLookup(entry)
        until_ns = expires_at_ns(at_ns, self._lease_ttl_ns)
        server = self._server
        if server.lock(_LEASE, key, token, at_ns=at_ns, until_ns=until_ns):
            return LeaseLookup(is_leased=True)
        if entry is not None and at_ns < entry.expires_at_ns + self._stale_ttl_ns:
            return LeaseLookup(entry, is_stale=True)
        return LeaseLookup()

    def set(self, key: int, token: int, entry: Entry) -> bool:
        """Set a value and end its lease, if that is still the token's; say whether."""
        if not self._server.is_held(_LEASE, key, token, entry.put_at_ns):
            return False
        self._values.put(ONE, key, entry)
        self._server.unlock(_LEASE, key, token)
        return True

    def give_back(self, key: int, token: int) -> None:
        """End a lease, if it is still the token's."""
        self._server.unlock(_LEASE, key, token)

    def purge(self, is_purged: Sequence[bool]) -> None:
        """End values, which are old ones from now on, and leases of some keys."""
        now_ns = self._clock.now_ns
        for key in (key for key, purged in enumerate(is_purged) if purged):
            self._server.unlock(_LEASE, key)
            entry = self._values.get(ONE, key)
            if entry is not None:
                entry.expires_at_ns = min(entry.expires_at_ns, now_ns)
