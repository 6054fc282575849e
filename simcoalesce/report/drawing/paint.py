"""The colours of all pictures: one for each thing, and never colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from simcoalesce.report.blocks.number_format import listed
from simcoalesce.report.blocks.path_sentences import waits_after, waits_before
from simcoalesce.report.rows.outcome_class import OutcomeClass
from simcoalesce.report.rows.phases import Phase
from simcoalesce.scenario.scenario import Scenario

INK: Final = "#222222"
FAINT: Final = "#6a6a6a"
AXIS: Final = "#9a9a9a"
GRID: Final = "#e6e6e6"
WINDOW: Final = "#f6ecd9"
WINDOW_LIGHT: Final = "#fbf7ef"
LINE: Final = "#1f6f9c"
"""Of a page, which has them for the light and for the dark."""


@dataclass(frozen=True, slots=True)
class Paint:
    """How one thing looks in all pictures: never told by colour alone.

    Attributes:
        label: What a legend calls it.
        colour: The fill, from a palette for all kinds of colour vision.
        edge: A darker tone of it, for hatches, lines and markers.
        hatch: The pattern, as matplotlib writes it.
    """

    label: str
    colour: str
    edge: str
    hatch: str = ""


PAINTS: Final[Mapping[OutcomeClass, Paint]] = {
    OutcomeClass.HIT: Paint("cache hit", "#9fd0ea", "#2f7ca8"),
    OutcomeClass.STALE: Paint("stale hit", "#5b8fb0", "#dcecf5", "...."),
    OutcomeClass.LEADER: Paint("fetched it", "#e69f00", "#8a5f00"),
    OutcomeClass.FOLLOWER: Paint("waited for a fetch", "#8fcdb3", "#4d9c7d", "///"),
    OutcomeClass.REFUSED: Paint("refused (429)", "#d55e00", "#8c3d00", "xxx"),
    OutcomeClass.FAILED: Paint("failed", "#6b6b6b", "#f2f2f2", "\\\\\\\\"),
}
"""Okabe and Ito's colours (Color Universal Design, 2008), some made lighter."""

CACHED: Final = PAINTS[OutcomeClass.HIT].colour
ORIGIN: Final = PAINTS[OutcomeClass.LEADER].colour
REFUSED: Final = PAINTS[OutcomeClass.REFUSED].colour

_PHASES: Final[Mapping[Phase, tuple[str, str]]] = {
    Phase.LOOKUP: ("#4aa3d4", "#2f7ca8"),
    Phase.WAIT: ("#8fcdb3", "#00694c"),
    Phase.ORIGIN: ("#e69f00", "#8a5f00"),
    Phase.RETRY: ("#c9c9c9", "#6b6b6b"),
    Phase.RETURN: ("#b07aa1", "#6f4465"),
}


def phase_paints(scenario: Scenario | None) -> dict[Phase, Paint]:
    """Return how phases are drawn, and called: by what layers say requests wait for.

    Args:
        scenario: The scenario; None knows of no waits but look-ups and writes.
    """
    path = scenario.path if scenario else ()
    before, after = waits_before(path), waits_after(path)
    labels = {
        Phase.LOOKUP: listed(["look-up", *(wait.name for wait in before)]),
        Phase.WAIT: "waits for another's fetch",
        Phase.ORIGIN: "origin",
        Phase.RETRY: "between two calls",
        Phase.RETURN: listed(["write", *(wait.name for wait in after), "return"]),
    }
    return {phase: Paint(labels[phase], *_PHASES[phase]) for phase in Phase}
