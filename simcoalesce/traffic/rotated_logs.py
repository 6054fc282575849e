"""Rotated logs: two logs of different times are no two phases that begin at once."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from simcoalesce.traffic.arrival import Arrival
from simcoalesce.traffic.recording import Recording
from simcoalesce.units import NS_PER_S, format_duration

_APART_NS: Final = NS_PER_S


def check_rotated(
    phases: Sequence[Arrival], recordings: Sequence[Recording | None]
) -> None:
    """Refuse two logs of a wall clock that would both begin at the start of the run.

    Who means it says `at:` of both.

    Raises:
        ValueError: If there are such; it says what to write.
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
