"""simcoalesce inspect: what a log says, and the YAML that reads it."""

from collections.abc import Sequence
from textwrap import indent

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import usage_errors
from simcoalesce.cli.log_arguments import key_parts, log_spec
from simcoalesce.cli.streams import print_document
from simcoalesce.cli.terminal import terminal_width
from simcoalesce.json_text import json_text


@click.command("inspect")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option(
    "--key",
    default="host,path",
    show_default=True,
    metavar="PARTS",
    help="What the key of a request is: url, host, path, query, uri, or several.",
)
@click.option("--format", "kind", default="auto", metavar="KIND", help="What it is.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def command(files: Sequence[str], key: str, kind: str, *, as_json: bool) -> int:
    """Say what FILE... says: format, fields, span, rate, keys, and what is not certain.

    FILE is a log, plain or compressed, or - for standard input; several are one log.
    The YAML at the end reads it. A file that is not recognised gives exit code 3; one
    of which nothing can be used, 13.
    """
    from simcoalesce.logs.inspection import (  # noqa: PLC0415 - slow
        Inspection,
        bad_lines,
        is_recognised,
    )
    from simcoalesce.logs.reader import read_log  # noqa: PLC0415 - slow
    from simcoalesce.report.blocks.log_report import log_report  # noqa: PLC0415 - slow
    from simcoalesce.report.terminal.report import report_text  # noqa: PLC0415 - slow

    said = {"file": list(files), "key": key_parts(key), "format": kind}
    with usage_errors():
        spec = log_spec(said | {"bad_lines": "100%"})
    try:
        log = read_log(spec)
    except ValueError as error:
        if not is_recognised(spec):
            raise
        click.echo(str(error), err=True)
        click.echo("\n".join(bad_lines(spec)), err=True)
        return exits.UNDECIDED
    seen = Inspection(log, spec)
    if not len(log):
        click.echo(log.no_verdict, err=True)
    elif as_json:
        print_document(json_text(seen.document(), indent=2) + "\n")
    else:
        click.echo(report_text(log_report(seen), width=terminal_width(80)))
        click.echo(f"\nREADS IT\n{indent(seen.yaml(), '  ')}")
    return exits.UNDECIDED if seen.log.no_verdict else exits.OK
