"""A note keeps when something happened; an ordinary run keeps none."""

from simcoalesce.model.note import UNKEPT, KeptNote
from simcoalesce.model.recorder import Recorder
from simcoalesce.outcomes import Noted


def test_a_note_has_the_first_and_the_last_instant() -> None:
    """And the number, the most and the longest."""
    now_ns = [5]
    note = KeptNote(lambda: now_ns[0])
    assert note.noted is None
    note.happened(3)
    now_ns[0] = 9
    note.happened(2)
    note.took(7)
    note.took(4)

    assert note.noted == Noted(5, 9, 2, most=3, longest_ns=7)


def test_what_took_time_has_happened_before() -> None:
    """Else nothing is noted."""
    note = KeptNote(lambda: 0)
    note.took(7)

    assert note.noted is None


def test_an_ordinary_recorder_notes_nothing() -> None:
    """Its counters count."""
    recorder = Recorder()
    recorder.counter("seen")()

    assert recorder.note("seen") is UNKEPT
    assert recorder.counted(0, 0)["seen"] == 1


def test_a_noting_recorder_notes_what_it_counts() -> None:
    """Under the same unit; notes alone are no counted operations."""
    recorder = Recorder(lambda: 8)
    recorder.counter("seen")()
    note = recorder.note("seen")
    recorder.note("else").happened()

    assert isinstance(note, KeptNote)
    assert note.noted == Noted(8, 8, 1)
    assert "else" not in recorder.counted(0, 0)
