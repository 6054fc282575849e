"""The namespace: what each location reads, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simcoalesce.model.answer import Answer
from simcoalesce.model.kv import CopyRules, Entry, Namespace
from simcoalesce.outcomes import Lookup, Role


def an_entry(order: int = 1, *, put_at: int = 0, ttl_ns: int = 1_000) -> Entry:
    """Return an entry whose content is its order."""
    content = Answer(200, Lookup.MISS, Role.LEADER, 0, put_at, version=order)
    return Entry(content, order=order, put_at_ns=put_at, expires_at_ns=put_at + ttl_ns)


def test_an_empty_namespace_reads_absent() -> None:
    """Nothing was put, nothing is found."""
    assert Namespace(1).lookup(0, 0, at_ns=0) is None


def test_a_put_is_visible_from_its_instant_on() -> None:
    """A put visible at t is seen by a look at t, and by none before."""
    kv, entry = Namespace(1), an_entry()
    kv.put(0, 0, entry, visible_at=(80, 80))

    assert [kv.lookup(0, 0, at) for at in (79, 80)] == [None, entry]


def test_a_put_is_visible_elsewhere_later() -> None:
    """The writing location sees a put first, each other one after the propagation."""
    kv, entry = Namespace(3), an_entry()
    kv.put(0, 1, entry, visible_at=(80, 200))
    seen = [[kv.lookup(0, place, at) for place in range(3)] for at in (80, 199, 200)]

    assert seen == [[None, entry, None], [None, entry, None], [entry, entry, entry]]


def test_keys_do_not_see_each_others_puts() -> None:
    """A put is of one key."""
    kv = Namespace(2)
    kv.put(0, 0, an_entry(), visible_at=(0, 0))

    assert [kv.lookup(1, place, at_ns=5) for place in (0, 1)] == [None, None]


def test_the_last_put_wins_even_if_it_is_visible_first() -> None:
    """The order of puts decides, whatever the order in which they become visible."""
    kv, first, second = Namespace(1), an_entry(1), an_entry(2, put_at=10)
    kv.put(0, 0, first, visible_at=(100, 100))
    kv.put(0, 0, second, visible_at=(30, 30))
    seen = [kv.lookup(0, 0, at) for at in (29, 30, 100)]

    assert seen == [None, second, second]


def test_a_later_put_from_elsewhere_wins_over_an_own_one() -> None:
    """A location's own puts and those of others are in one order."""
    kv, own, other = Namespace(2), an_entry(1), an_entry(2, put_at=10)
    kv.put(0, 0, own, visible_at=(20, 60))
    kv.put(0, 1, other, visible_at=(30, 70))
    seen = [kv.lookup(0, 0, at) for at in (30, 69, 70)]

    assert seen == [own, own, other]


def test_an_own_later_put_wins_over_one_from_elsewhere() -> None:
    """What comes from elsewhere and is older changes nothing."""
    kv, other, own = Namespace(2), an_entry(1), an_entry(2, put_at=10)
    kv.put(0, 1, other, visible_at=(20, 60))
    kv.put(0, 0, own, visible_at=(30, 90))

    assert [kv.lookup(0, 0, at) for at in (30, 60)] == [own, own]


def test_a_look_returns_expired_entries_too() -> None:
    """Whether an expired value may be served is the reader's business."""
    kv, entry = Namespace(1), an_entry(ttl_ns=50)
    kv.put(0, 0, entry, visible_at=(10, 10))

    assert kv.lookup(0, 0, at_ns=60) is entry


def hiding(*, value_ns: int = 0, absence_ns: int = 0) -> CopyRules:
    """Return the rules of a location whose own puts change nothing of what it keeps."""
    return CopyRules(value_ns, absence_ns, hides_local_puts=True)


def test_absence_is_remembered_for_its_time() -> None:
    """A location that has read absent goes on reading absent, whatever is put."""
    kv, entry, copies = Namespace(1), an_entry(), hiding(absence_ns=60)
    kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, entry, visible_at=(10, 10))
    seen = [kv.lookup(0, 0, at, copies) for at in (10, 59, 60)]

    assert seen == [None, None, entry]


def test_absence_is_remembered_where_it_was_read() -> None:
    """Another location that never looked sees the put."""
    kv, entry, copies = Namespace(2), an_entry(), hiding(absence_ns=60)
    kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, entry, visible_at=(10, 10))

    assert [kv.lookup(0, place, 10, copies) for place in (0, 1)] == [None, entry]


def test_looks_at_remembered_absence_do_not_prolong_it() -> None:
    """Only a look at the store itself starts the time again."""
    kv, entry, copies = Namespace(1), an_entry(), hiding(absence_ns=60)
    kv.put(0, 0, entry, visible_at=(50, 50))
    seen = [kv.lookup(0, 0, at, copies) for at in (0, 40, 59, 60)]

    assert seen == [None, None, None, entry]


def test_an_expired_entry_is_remembered_as_absence() -> None:
    """A location that finds an expired entry does not see the next put for a while."""
    kv, old, new = Namespace(1), an_entry(1, ttl_ns=50), an_entry(2, put_at=60)
    copies = hiding(absence_ns=30)
    kv.put(0, 0, old, visible_at=(0, 0))
    kv.lookup(0, 0, 55, copies)
    kv.put(0, 0, new, visible_at=(70, 70))

    assert [kv.lookup(0, 0, at, copies) for at in (84, 85)] == [old, new]


def test_a_value_is_remembered_for_its_time() -> None:
    """A location that has read a value goes on reading it while newer ones exist."""
    kv, old, new = Namespace(1), an_entry(1), an_entry(2, put_at=5)
    copies = hiding(value_ns=30)
    kv.put(0, 0, old, visible_at=(0, 0))
    kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, new, visible_at=(10, 10))

    assert [kv.lookup(0, 0, at, copies) for at in (29, 30)] == [old, new]


def test_a_value_is_not_remembered_past_its_expiry() -> None:
    """The expiry wins over the location's cache: then it looks again."""
    kv, old, new = Namespace(1), an_entry(1, ttl_ns=20), an_entry(2, put_at=21)
    copies = hiding(value_ns=1_000)
    kv.put(0, 0, old, visible_at=(0, 0))
    kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, new, visible_at=(25, 25))
    seen = [kv.lookup(0, 0, at, copies) for at in (19, 20, 25)]

    assert seen == [old, old, new]


@pytest.mark.parametrize("copies", [CopyRules(absence_ns=60), CopyRules(value_ns=60)])
def test_a_local_put_ends_what_its_location_kept(copies: CopyRules) -> None:
    """Version 1 or its absence is kept from 0 on; version 2 is visible at 40."""
    kv, old, new = Namespace(1), an_entry(1), an_entry(2, put_at=5)
    if copies.value_ns:
        kv.put(0, 0, old, visible_at=(0, 0))
    kept = kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, new, visible_at=(40, 40))

    assert [kv.lookup(0, 0, at, copies) for at in (39, 40)] == [kept, new]


def test_a_put_elsewhere_does_not_end_what_a_location_keeps() -> None:
    """It is visible there at 40, and read when the copy of 60 ns ends."""
    kv, entry, copies = Namespace(2), an_entry(), CopyRules(absence_ns=60)
    kv.lookup(0, 1, 0, copies)
    kv.put(0, 0, entry, visible_at=(20, 40))

    assert [kv.lookup(0, 1, at, copies) for at in (40, 59, 60)] == [None, None, entry]


def test_the_read_after_a_local_put_is_kept_from_then_on() -> None:
    """Kept from 50 on for 60 ns: a put elsewhere, visible at 55, is read at 110."""
    kv, copies = Namespace(2), CopyRules(value_ns=60, absence_ns=60)
    mine, other = an_entry(1), an_entry(2, put_at=30)
    kv.lookup(0, 0, 0, copies)
    kv.put(0, 0, mine, visible_at=(40, 90))
    kv.put(0, 1, other, visible_at=(35, 55))
    seen = [kv.lookup(0, 0, at, copies) for at in (39, 50, 109, 110)]

    assert seen == [None, mine, mine, other]


def test_a_local_put_does_not_end_the_copy_of_a_later_one() -> None:
    """The last put wins: a slow one that was issued before is never read."""
    kv, copies = Namespace(2), CopyRules(value_ns=60)
    mine, other = an_entry(1), an_entry(2, put_at=10)
    kv.put(0, 0, mine, visible_at=(40, 90))
    kv.put(0, 1, other, visible_at=(15, 20))
    kept = kv.lookup(0, 0, 20, copies)

    assert [kept, kv.lookup(0, 0, 40, copies)] == [other, other]


STEPS = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["put", "read"]), st.integers(0, 40)),
    max_size=30,
)


@given(steps=STEPS, value_ns=st.integers(0, 60), absence_ns=st.integers(0, 60))
def test_in_one_location_no_read_is_older_than_an_acknowledged_put(
    steps: list[tuple[int, str, int]], value_ns: int, absence_ns: int
) -> None:
    """Whatever it kept, the last acknowledged put or a later one is read."""
    kv, copies, now_ns = Namespace(1), CopyRules(value_ns, absence_ns), 0
    acknowledged_at: list[int] = []
    for gap_ns, kind, takes_ns in steps:
        now_ns += gap_ns
        if kind == "put":
            acknowledged_at.append(now_ns + takes_ns)
            entry = an_entry(kv.next_order(), put_at=now_ns)
            kv.put(0, 0, entry, visible_at=(acknowledged_at[-1],) * 2)
        else:
            entry_read = kv.lookup(0, 0, now_ns, copies)
            known = [at <= now_ns for at in acknowledged_at]
            least = len(known) - known[::-1].index(True) if any(known) else 0
            assert (entry_read.order if entry_read else 0) >= least


def test_puts_of_a_key_are_limited_per_second() -> None:
    """One write per second and key: the turn comes back a second after it was taken."""
    kv = Namespace(1)
    instants = (0, 1, 999_999_999, 1_000_000_000, 1_500_000_000)
    admitted = [kv.admits_put(0, at, per_s=1.0) for at in instants]

    assert admitted == [True, False, False, True, False]


def test_the_write_limit_is_of_each_key() -> None:
    """Two keys do not share a turn."""
    kv = Namespace(1)

    assert [kv.admits_put(key, 0, per_s=1.0) for key in (0, 1, 0)] == [
        True,
        True,
        False,
    ]


def test_a_store_without_a_limit_takes_every_put() -> None:
    """None is unlimited."""
    kv = Namespace(1)

    assert all(kv.admits_put(0, 0, per_s=None) for _ in range(10))


def test_puts_are_numbered_in_their_order() -> None:
    """The first put is number one."""
    kv = Namespace(1)

    assert [kv.next_order() for _ in range(3)] == [1, 2, 3]


def test_a_key_is_hot_where_it_was_read_lately() -> None:
    """Hot is half-open: exactly `hot_ns` after the last read it is cold again."""
    kv = Namespace(2)
    reads = [(0, 0), (0, 59), (1, 60), (0, 119), (0, 178)]
    hot = [kv.is_hot(0, place, at, hot_ns=60) for place, at in reads]

    assert hot == [False, True, False, False, True]


def test_a_hit_is_made_once_and_carries_who_served_it() -> None:
    """The same entry gives the same answer, unless it is served in another way."""
    entry = an_entry()

    assert entry.hit(3) is entry.hit(3)
    assert (entry.hit(3).served_by, entry.hit(4).served_by) == (3, 4)
    assert entry.hit(3, Lookup.STALE).lookup == Lookup.STALE
