"""The lock of a log."""

from tests.fit_logs import Entry, a_log, fetch, found_in, hit


def waiting(count: int) -> list[Entry]:
    """Return keys that two ask for at once: one fetches, the other looks again."""
    return [
        entry
        for n in range(count)
        for entry in (fetch(n, uri=f"/{n}"), hit(n + 0.05, f"/{n}", took_ms=500))
    ]


def test_a_lock_is_told_by_those_who_wait() -> None:
    """Twelve waits, and nobody fetches too."""
    found = found_in(a_log(waiting(12)), "lock")

    assert dict(found.sets) == {"lock.locks": True}
    assert (found.told, found.events, found.contradictions) == ("told", 12, 0)


def test_a_lock_that_two_met_is_hardly_told() -> None:
    """The rival, no lock, is contradicted by both."""
    found = found_in(a_log(waiting(2)), "lock")

    assert found.told == "hardly told"
    assert found.rival is not None
    assert found.rival.contradictions == 2


def test_those_who_fetch_too_tell_that_there_is_none() -> None:
    """Two calls for each key at the same time."""
    pairs = [fetch(n + d, uri=f"/{n}") for n in range(12) for d in (0, 0.05)]
    found = found_in(a_log([*pairs, hit(20, "/1")]), "lock")

    assert dict(found.sets) == {"lock.locks": False}


def test_a_lock_that_nobody_met_is_assumed_off() -> None:
    """As nginx has it by default."""
    found = found_in(a_log([fetch(0), hit(1)]), "lock")

    assert dict(found.sets) == {"lock.locks": False}
    assert found.told == "not told"


def test_a_time_out_is_told_by_waits_in_vain() -> None:
    """Fetches of 3 s; who has waited for 1 s calls for itself."""
    pairs = [
        entry
        for n in range(12)
        for entry in (
            fetch(5 * n, 3_000, f"/{n}"),
            fetch(5 * n + 0.5, 4_000, f"/{n}", origin_ms=3_000),
        )
    ]
    found = found_in(a_log([*pairs, hit(70, "/11")]), "lock_timeout")

    assert dict(found.sets) == {"lock.timeout": "1s"}
