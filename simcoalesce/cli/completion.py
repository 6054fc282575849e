"""Shell completion: files with their variants, keys of -s, names of the reference."""

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def scenario_files(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the variants of FILE@, or let the shell complete the name of a file."""
    file, at, typed = incomplete.partition("@")
    if not at:
        return [CompletionItem(incomplete, type="file")]
    from simcoalesce.scenario.scenario import Scenario  # noqa: PLC0415 - slow

    try:
        names = Scenario.load(Path(file)).variants
    except (ValueError, OSError):
        return []
    return _items((f"{file}@{name}" for name in names), f"{file}@{typed}")


def override_keys(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the keys that -s takes, each with the equals sign behind it."""
    from simcoalesce.reference.key_entries import key_entries  # noqa: PLC0415 - slow

    return _items((f"{entry.name}=" for entry in key_entries()), incomplete)


def metric_names(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the names of metrics, with which a condition begins."""
    from simcoalesce.metrics.registry import METRICS  # noqa: PLC0415 - slow

    return _items(METRICS, incomplete)


def docs_subjects(
    context: click.Context, parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the subjects of the reference, and the metrics, which need none."""
    from simcoalesce.reference.reference_entry import SUBJECTS  # noqa: PLC0415 - slow

    subjects = _items(SUBJECTS, incomplete)
    return [*subjects, *metric_names(context, parameter, incomplete)]


def docs_names(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the names of the subject before it."""
    from simcoalesce.cli.docs import entries_by_subject  # noqa: PLC0415 - it asks us

    group = context.find_root().command
    subject = context.params.get("subject")
    if not isinstance(group, click.Group) or subject is None:
        return []
    every = entries_by_subject(group)
    names = next((make() for one, make in every.items() if one == subject), {})
    return _items(names, incomplete)


def _items(names: Iterable[str], typed: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(typed)]
