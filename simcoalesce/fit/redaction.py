"""Redaction: hosts, paths and queries of a log by keyed hashes."""

import secrets
from dataclasses import replace
from hashlib import blake2b
from typing import Final

from simcoalesce.logs.key_rule import url_parts
from simcoalesce.logs.log import Log, RequestTarget

_BYTES: Final = 8
_SALT_BYTES: Final = 32


def redacted(log: Log, salt: bytes | None = None) -> Log:
    """Return a log without the texts of its URLs: they hold tokens and addresses.

    What was the same is the same afterwards, part by part: hosts, paths, and of
    queries the names and the values of parameters; so key rules are found as before.

    Args:
        log: Whose targets are hashed.
        salt: The key of the hash; by default a new one, which is kept nowhere, so that
            nobody can try out what a hash may stand for.
    """
    key = secrets.token_bytes(_SALT_BYTES) if salt is None else salt

    def hashed(text: str) -> str:
        return blake2b(text.encode(), key=key, digest_size=_BYTES).hexdigest()

    def target(one: RequestTarget) -> RequestTarget:
        if one.uri is None:
            return one._replace(host=hashed(one.host) if one.host else None)
        host, path, query = url_parts(one.host, one.uri)
        pairs = [pair.partition("=") for pair in query[1:].split("&") if pair]
        told = "&".join(f"{hashed(n)}{e}{hashed(v) if v else ''}" for n, e, v in pairs)
        uri = f"/{hashed(path)}{'?' * bool(told)}{told}"
        return RequestTarget(hashed(host) if host else None, uri)

    return replace(log, targets=tuple(map(target, log.targets)))
