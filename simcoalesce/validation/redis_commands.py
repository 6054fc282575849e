"""Commands and keys of the application in Redis."""

from typing import Final

DELETE_OWN: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('del', KEYS[1])
"""
"""Frees a lock that is still the token's."""
EXTEND_OWN: Final = """
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('pexpire', KEYS[1], ARGV[2])
"""
"""Lets a lock last from now on, if it is still the token's."""
GET_OR_LEASE: Final = """
local value = redis.call('get', KEYS[1])
if value then return {'hit', value} end
if redis.call('set', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'lease'} end
local old = redis.call('get', KEYS[3])
if old then return {'stale', old} end
return {'wait'}
"""
"""Returns a value, or leases its key, or returns what a value left behind."""
SET_LEASED: Final = """
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('set', KEYS[3], ARGV[2], 'PX', ARGV[4])
return redis.call('del', KEYS[2])
"""
"""Sets a value and ends its lease, if that is still the token's."""


def ms(seconds: float) -> int:
    """Return seconds as PX takes them."""
    return max(int(seconds * 1_000), 1)


def value_key(key: str) -> str:
    """Return under which name Redis has the value of a key."""
    return f"v:{key}"


def stale_key(key: str) -> str:
    """Return under which name Redis has what a value leaves behind."""
    return f"s:{key}"


def lock_key(key: str) -> str:
    """Return the name of a key's lock, or lease."""
    return f"l:{key}"
