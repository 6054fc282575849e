"""Command entries: every command with its options, and every exit code."""

from collections.abc import Iterator

import click

from simcoalesce.cli.exits import MEANINGS
from simcoalesce.reference.reference_entry import ReferenceEntry, paragraphs


def command_entries(group: click.Group) -> Iterator[ReferenceEntry]:
    """Yield every command of the command line, as its help has them."""
    above = click.Context(group, info_name="simcoalesce", **group.context_settings)
    for name in group.list_commands(above):
        command = group.get_command(above, name)
        if command is not None:
            yield _entry(command, click.Context(command, above, info_name=name))


def _entry(command: click.Command, context: click.Context) -> ReferenceEntry:
    usage = " ".join(command.collect_usage_pieces(context))
    return ReferenceEntry(
        subject="command",
        name=str(context.info_name),
        text=paragraphs(command.help),
        example=f"{context.command_path} {usage}",
        keys=tuple(_options(command, context)),
    )


def _options(
    command: click.Command, context: click.Context
) -> Iterator[ReferenceEntry]:
    for parameter in command.get_params(context):
        told = parameter.get_help_record(context)
        if told is not None and told[1]:
            yield ReferenceEntry("command", told[0], told[1])


def exit_entries() -> Iterator[ReferenceEntry]:
    """Yield every exit code, with what it means."""
    for code, meaning in MEANINGS.items():
        yield ReferenceEntry("exit", str(code), meaning)
