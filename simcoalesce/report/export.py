"""The idea of an export: a result as another program reads it."""

from typing import IO, TYPE_CHECKING, ClassVar

from simcoalesce.discovery import members
from simcoalesce.spec import NamedByFile

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result


class Export(NamedByFile):
    """A form of a result: the suffixes of its files, what it needs, and its text."""

    suffixes: ClassVar[tuple[str, ...]] = ()
    """What the names of such files end in; none for what is never a file."""

    def lacks(self, name: str) -> str:  # noqa: ARG002 - some look at it
        """Return what has to be installed for such a file; empty if nothing has."""
        return ""

    def needs_rows(self, name: str) -> bool:  # noqa: ARG002 - some look at it
        """Return whether a file has a line for each request, or for each call."""
        return False

    def text(self, result: "Result") -> str:
        """Return a result in this form."""
        raise NotImplementedError

    def write(self, result: "Result", file: IO[bytes], name: str) -> None:  # noqa: ARG002 - some look at it
        """Write a result into a file of some name."""
        file.write(self.text(result).encode())


def exports() -> dict[str, Export]:
    """Return every export by its kind."""
    found = members(Export, "simcoalesce.report.exports")
    return {kind: export() for kind, export in found.items()}


def export_for(name: str) -> Export:
    """Return the export that a file's name asks for.

    Raises:
        ValueError: If its suffix is that of none, or something has to be installed
            first; the message says what to write, or to do.
    """
    known = {suffix: one for one in exports().values() for suffix in one.suffixes}
    fitting = [suffix for suffix in known if name.endswith(suffix)]
    if not fitting:
        names = ", ".join(f"NAME{suffix}" for suffix in sorted(known))
        raise ValueError(
            f"write {names}, or a folder for charts with a slash at its end (charts/)"
        )
    found = known[max(fitting, key=len)]
    if lacking := found.lacks(name):
        raise ValueError(lacking)
    return found
