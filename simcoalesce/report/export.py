"""The idea of an export: a result as another program reads it."""

from typing import IO, TYPE_CHECKING, ClassVar

from simcoalesce.discovery import members
from simcoalesce.spec import Spec

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


class Export(Spec):
    """A form of a result: its suffix, what it needs, and how it is written."""

    suffix: ClassVar[str | None] = None
    """What the name of such a file ends in; None for what is never a file."""

    kind: str

    @property
    def lacks(self) -> str:
        """What has to be installed first; empty if nothing has."""
        return ""

    def needs_rows(self, name: str) -> bool:  # noqa: ARG002 - tables look at it
        """Return whether a file has a line for each request, or for each call."""
        return False

    def text(self, result: "Result") -> str:
        """Return a result in this form."""
        raise NotImplementedError

    def write(self, result: "Result", file: IO[bytes], name: str) -> None:  # noqa: ARG002 - tables look at it
        """Write a result into a file of some name."""
        file.write(self.text(result).encode())


def exports() -> dict[str, Export]:
    """Return every export by its kind."""
    found = members(Export, "simcoalesce.report.exports")
    return {kind: export() for kind, export in found.items()}


def suffixes() -> dict[str, Export]:
    """Return every export that is a file by its suffix, the longest suffix first."""
    known = {export.suffix: export for export in exports().values() if export.suffix}
    return {suffix: known[suffix] for suffix in sorted(known, key=len, reverse=True)}


def export_for(name: str) -> Export:
    """Return the export that a file's name asks for.

    Raises:
        ValueError: If its suffix is that of none; the message says what to write.
    """
    known = suffixes()
    for suffix, export in known.items():
        if name.endswith(suffix):
            return export
    names = ", ".join(f"NAME{suffix}" for suffix in sorted(known))
    raise ValueError(f"write {names}")
