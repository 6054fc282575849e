"""KV namespace, as `model.kv` has it."""

import numpy as np

from simcoalesce.compiled.allocator import allocate, release
from simcoalesce.compiled.kernel import inner
from simcoalesce.compiled.parameters import Parameters
from simcoalesce.compiled.record import NOBODY, Link, Record
from simcoalesce.compiled.state import State


class KvEntry(Record):
    """An entry: what a hit needs to know; its order is 0 if there is none."""

    status: int
    generated: int
    version: int
    retry_after: int
    max_age: int
    stored_at: int
    put_at: int
    expires: int
    took: int
    order: int


class PendingPut(Record):
    """A put that is not yet visible, and its neighbours."""

    visible_at: int
    after: Link["PendingPut"]
    before: Link["PendingPut"]
    entry: KvEntry


class KeyView(Record):
    """What a location, or all others, see of a key: pending puts, the visible entry."""

    first: Link[PendingPut]
    last: Link[PendingPut]
    entry: KvEntry


class KeyCopy(Record):
    """What a location has read of a key, and until when it goes on reading it."""

    until: int
    entry: KvEntry


class CopyRecord(Record):
    """The rules of a location's copies, as `model.kv.CopyRules`."""

    value_ns: int
    absence_ns: int
    hides_local_puts: bool


def begin(parameters: Parameters) -> None:
    """Begin with a namespace of which nobody has put or read anything."""
    state, kv = parameters.state, parameters.state.kv
    views = np.zeros(((state.locations + 1) * state.keys, KeyView.width), np.int64)
    # The first and the last pending put.
    views[:, :2] = NOBODY
    kv.views = parameters.write(views.reshape(-1))
    kv.next_put = parameters.reserve(state.keys)
    kv.read_at = parameters.write(np.full(state.keys * state.locations, NOBODY))


def keep_copies(parameters: Parameters) -> None:
    """Let locations keep what they read."""
    state, kv = parameters.state, parameters.state.kv
    if not kv.keeps_copies:
        kv.keeps_copies = True
        kv.copies = parameters.reserve(state.keys * state.locations * KeyCopy.width)


@inner
def view_of(m: State, key: int, location: int) -> KeyView:
    """Return what a location sees of its own puts."""
    return KeyView(m, m.kv.views + (key * m.locations + location) * KeyView.width)


@inner
def view_elsewhere(m: State, key: int) -> KeyView:
    """Return what all other locations see."""
    return KeyView(m, m.kv.views + (m.keys * m.locations + key) * KeyView.width)


@inner
def _copy_of(m: State, key: int, location: int) -> KeyCopy:
    """Return what a location keeps of what it has read; none if none keeps any."""
    if not m.kv.keeps_copies:
        return KeyCopy(m, NOBODY)
    return KeyCopy(m, m.kv.copies + (key * m.locations + location) * KeyCopy.width)


@inner
def make_visible(m: State, view: KeyView, now: int) -> None:
    """Make the pending puts visible whose instant has come."""
    put = view.first
    while put and put.visible_at <= now:
        view.entry = put.entry
        after = put.after
        release(m, m.free_nodes, put.at)
        view.first = after
        if after:
            after.before = PendingPut(m, NOBODY)
        else:
            view.last = after
        put = after


@inner
def add_put(m: State, view: KeyView, visible_at: int) -> PendingPut:
    """Add the last put of all to a view; its entry is to be written."""
    make_visible(m, view, m.now)
    last = view.last
    while last and last.visible_at >= visible_at:
        before = last.before
        release(m, m.free_nodes, last.at)
        last = before
    put = PendingPut(m, allocate(m, m.free_nodes, PendingPut.width))
    put.visible_at, put.after, put.before = visible_at, PendingPut(m, NOBODY), last
    if last:
        last.after = put
    else:
        view.first = put
    view.last = put
    return put


@inner
def lookup(m: State, key: int, location: int, copies: CopyRecord) -> KvEntry:
    """Return the entry that a location reads, expired or not, or none.

    Args:
        m: The state.
        key: The key.
        location: Where it is read.
        copies: The rules of the location's copies.
    """
    view = view_of(m, key, location)
    make_visible(m, view, m.now)
    copy = _copy_of(m, key, location)
    if copy and m.now < copy.until:
        order = copy.entry.order
        if copies.hides_local_puts or order >= view.entry.order:
            return copy.entry if order else KvEntry(m, NOBODY)
    if m.locations > 1:
        elsewhere = view_elsewhere(m, key)
        make_visible(m, elsewhere, m.now)
        if elsewhere.entry.order > view.entry.order:
            view = elsewhere
    if copy:
        _keep(m, copy, view.entry, copies)
    return view.entry if view.entry.order else KvEntry(m, NOBODY)


@inner
def _keep(m: State, copy: KeyCopy, entry: KvEntry, copies: CopyRecord) -> None:
    """Let a location go on reading what it has read, for a while."""
    until = m.now + copies.absence_ns
    if entry.order and m.now < entry.expires:
        until = min(m.now + copies.value_ns, entry.expires)
    if until > m.now:
        copy.until, copy.entry = until, entry
