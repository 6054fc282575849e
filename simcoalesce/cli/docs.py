"""simcoalesce docs: the reference, offline."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

import click

from simcoalesce.cli.arguments import usage_errors
from simcoalesce.cli.command_entries import command_entries, exit_entries
from simcoalesce.cli.completion import docs_names, docs_subjects
from simcoalesce.cli.output import check, write_text
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.reference.entry_text import entry_text, names_text
from simcoalesce.reference.lookup import (
    NamedEntries,
    by_name,
    found_entries,
    key_names,
    layer_names,
    metric_names,
    no_entry,
)
from simcoalesce.reference.pages import reference_pages
from simcoalesce.reference.reference_entry import SUBJECTS, Subject

_WIDTH: Final = 88
_MOST_SHOWN: Final = 3
"""Of more entries their names are shown."""


@click.command("docs")
@click.argument("subject", required=False, shell_complete=docs_subjects)
@click.argument("name", required=False, shell_complete=docs_names)
@click.option(
    "--write", "folder", metavar="FOLDER", help="Write the reference as Markdown pages."
)
@click.pass_context
def command(
    context: click.Context, subject: str | None, name: str | None, folder: str | None
) -> None:
    """Show the reference of a key, metric, layer, command or exit code.

    SUBJECT is key, metric, layer, command or exit, and alone shows the names of all.
    Without it a name is looked for among all: simcoalesce docs origin_hits.
    """
    group = context.find_root().command
    assert isinstance(group, click.Group)  # noqa: S101 - it is ours
    if folder is not None:
        _write(group, folder)
    elif subject is None:
        lines = (
            f"  simcoalesce docs {one:<8} {what}" for one, what in SUBJECTS.items()
        )
        click.echo("\n".join(["The reference has", *lines]))
    else:
        click.echo(_told(entries_by_subject(group), subject, name), nl=False)


def entries_by_subject(
    group: click.Group,
) -> Mapping[Subject, Callable[[], NamedEntries]]:
    """Return what makes the entries of each subject, by their names."""
    return {
        "key": key_names,
        "metric": metric_names,
        "layer": layer_names,
        "command": lambda: by_name(command_entries(group)),
        "exit": lambda: by_name(exit_entries()),
    }


def _told(
    every: Mapping[Subject, Callable[[], NamedEntries]], subject: str, name: str | None
) -> str:
    """Return the text that a command line asks for."""
    chosen = {one: make() for one, make in every.items() if one == subject}
    if name is None and chosen:
        made = (make() for of in chosen.values() for make in of.values())
        return names_text(made, terminal_width(_WIDTH))
    names = chosen or {one: make() for one, make in every.items()}
    sought = name if chosen and name is not None else subject
    found = found_entries(names, sought)
    with usage_errors():
        if not found or (name is not None and not chosen):
            raise ValueError(no_entry(names, sought))
    width = terminal_width(_WIDTH)
    if len(found) > _MOST_SHOWN:
        return names_text(iter(found), width)
    return "\n".join(map(partial(entry_text, width=width), found))


def _write(group: click.Group, folder: str) -> None:
    check(f"{folder}/")
    pages = reference_pages([*command_entries(group)], [*exit_entries()])
    for name, text in pages.items():
        write_text(str(Path(folder, name)), text)
