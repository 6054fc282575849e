"""Templates: scenarios to begin with."""

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from simcoalesce.scenario.schema import TITLE, schema_text
from simcoalesce.suggestion import did_you_mean, listed
from simcoalesce.whole_file import write_together

SCHEMA_FILE: Final = "simcoalesce.schema.json"

_TEMPLATES: Final = files("simcoalesce.scenario") / "templates"


class InitFiles(NamedTuple):
    """What `init` wrote."""

    scenario: Path
    schema: Path


@cache
def template_names() -> tuple[str, ...]:
    """Return the names of the templates."""
    names = (Path(entry.name) for entry in _TEMPLATES.iterdir())
    return tuple(sorted(name.stem for name in names if name.suffix == ".yaml"))


def template_text(name: str) -> str:
    """Return the scenario that a template is.

    Raises:
        ValueError: If there is no such template.
    """
    if name not in template_names():
        meant = did_you_mean(name, template_names()) or "."
        known = listed(template_names())
        raise ValueError(f'there is no template "{name}"{meant} There are: {known}')
    return (_TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")


def init(template: str, folder: str | Path, *, force: bool = False) -> InitFiles:
    """Write a scenario to begin with, and the schema by which an editor knows it.

    Args:
        template: One of `template_names`.
        folder: Where to; made if it is not there.
        force: Whether to write over a scenario that is there.

    Raises:
        ValueError: If there is no such template.
        FileExistsError: If one of the files is there already; nothing is written.
        OSError: If they cannot be written.
    """
    text = template_text(template)
    files = InitFiles(Path(folder, f"{template}.yaml"), Path(folder, SCHEMA_FILE))
    if not force:
        _refuse_to_overwrite(files)
    Path(folder).mkdir(parents=True, exist_ok=True)
    write_together(
        {files.schema: schema_text().encode(), files.scenario: text.encode()}
    )
    return files


def _refuse_to_overwrite(files: InitFiles) -> None:
    for path in files:
        if path.exists() and not (path == files.schema and _is_ours(path)):
            raise FileExistsError(f"{path} is there already; --force writes over it")


def _is_ours(path: Path) -> bool:
    """Whether a file is a schema of this package, of whatever version."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return f'"title": "{TITLE}"' in file.read(1_000)
