"""The idea of a picture: one question, one answer, drawn."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from simcoalesce.discovery import members
from simcoalesce.spec import NamedByFile


class Picture(NamedByFile):
    """A question about a run, a sweep or an explanation, and how to draw the answer.

    A picture reads what was simulated or observed, never the machine, so simulated and
    observed runs are drawn alike.
    """

    subject: ClassVar[type]
    """What it is drawn of: a RunView, a SweepView, or an Explanation."""
    axes_inches: ClassVar[tuple[float, float]] = (8.64, 3.67)
    """Width and height of the axes, unless `size_inches` says otherwise."""

    def is_possible(self, subject: Any) -> bool:  # noqa: ARG002 - most look at it
        """Return whether the subject has anything to draw."""
        return True

    def size_inches(self, subject: Any) -> tuple[float, float]:  # noqa: ARG002 - some need it
        """Return the width and the height of the axes."""
        return self.axes_inches

    def headline(self, subject: Any) -> str:
        """Return what the picture shows, in one sentence that is computed."""
        raise NotImplementedError

    def subtitle(self, subject: Any) -> str:
        """Return the circumstances: of what it is drawn, and which part is shown."""
        raise NotImplementedError

    def draw(self, subject: Any, ax: Any) -> None:
        """Draw the answer into matplotlib axes, which are empty."""
        raise NotImplementedError

    def series(self, subject: Any) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002 - some have it
        """Return the views of a chart that shows the same and can be asked.

        A page shows that chart in place of the picture; without any, the picture.
        """
        return ()


def pictures() -> dict[str, Picture]:
    """Return every picture by its kind."""
    found = members(Picture, "simcoalesce.report.pictures")
    return {kind: picture() for kind, picture in found.items()}


def pictures_of(subject: object) -> dict[str, Picture]:
    """Return every picture that a subject allows, by its kind."""
    return {
        kind: picture
        for kind, picture in pictures().items()
        if isinstance(subject, picture.subject) and picture.is_possible(subject)
    }
