"""Recording checks: whether logs fit a traffic, and each other."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from simcoalesce.traffic.arrival import Arrival
from simcoalesce.traffic.recording import Recording
from simcoalesce.units import NS_PER_S, format_duration

_APART_NS: Final = NS_PER_S


def check_recordings(
    phases: Sequence[Arrival], recordings: Sequence[Recording | None], *, isolates: int
) -> None:
    """Refuse logs that cannot be phases of a traffic of so many isolates.

    Raises:
        ValueError: If there is one; it says what to write.
    """
    for recording in filter(None, recordings):
        most = int(recording.isolate.max(initial=0))
        if most >= isolates:
            raise ValueError(
                f"{recording.name} names isolate {most}, but there are {isolates};"
                f" write isolates: {most + 1}"
            )
    _check_rotated(phases, recordings)


def _check_rotated(
    phases: Sequence[Arrival], recordings: Sequence[Recording | None]
) -> None:
    """Refuse two logs of a wall clock that would both begin at the start of the run.

    Who means it says `at:` of both.
    """
    logs = [
        (recording.began_ns, recording.name)
        for phase, recording in zip(phases, recordings, strict=True)
        if recording is not None
        and recording.began_ns is not None
        and "at_ns" not in phase.model_fields_set
    ]
    for (one_ns, one), (other_ns, other) in combinations(sorted(logs), 2):
        if other_ns - one_ns >= _APART_NS:
            later = format_duration((other_ns - one_ns) // NS_PER_S * NS_PER_S)
            raise ValueError(
                f"{other} begins {later} after {one}, and as phases both would begin"
                f" at the start of the run; write one phase, file: [{one}, {other}], or"
                " at: for each (at: 0ms if they are to come at once)"
            )
