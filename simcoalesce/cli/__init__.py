"""The command line: it translates, and decides nothing.

A command is the file of its name, and calls the function of its name in the Python API.
It is imported when it is called, so that ``--help`` answers at once.
"""

import logging
import os
import sys
import traceback
from contextlib import suppress
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Final, TextIO

import click
from typing_extensions import override

from simcoalesce.cli.exits import BUG, INTERRUPTED, INVALID, OK, USAGE
from simcoalesce.discovery import PluginError
from simcoalesce.version import __version__

_COMMANDS: Final = {
    "run": "Simulate a scenario and say what happens.",
    "compare": "Say what changes from one scenario to another, under the same seeds.",
    "sweep": "Simulate a scenario at many points, and say where it is safe.",
    "solve": "Find the value of a parameter that meets a condition.",
    "merge": "Join the tables of a sweep's shards.",
    "explain": "Say what happened, why, what helps, and which claims hold.",
    "why": "Trace one request: what it met, and what it waited for.",
    "fit": "Fit a scenario to a log, and test it on the part that was not fitted.",
    "report": "Write a page about a saved result or a measured run.",
    "validate": "Run a scenario on the real runtime, and compare.",
    "inspect": "Say what a log says, what is not certain, and the YAML that reads it.",
    "serve": "Serve a local page on which one asks what if.",
    "demo": "Run the flash sale that comes with the package.",
    "show": "Print a scenario with every default, and where each value is from.",
    "init": "Write a scenario to start from.",
    "schema": "Print the JSON Schema of scenarios, for editors.",
    "docs": "Show the reference of a key, metric, layer, command or exit code.",
}

_NO_THREAD: Final = "can't start new thread"
"""Python's error for a limit of the system."""

_EPILOG: Final = """\b
Examples:
  simcoalesce demo
  simcoalesce run scenarios/flash-sale-9pm.yaml
  simcoalesce run scenarios/flash-sale-9pm.yaml@per-key -s kv.write_latency=20ms
  simcoalesce run sale.yaml --json -o result.json -o requests.csv -o charts/

\b
Exit codes: 0 ok, 1 bug, 2 wrong command line, 3 invalid scenario, 10 expectation
failed, 11 --fail-if holds, 12 some points failed, 13 undecided, 130 interrupted.
"""


class _Commands(click.Group):
    """Commands, each in its own file of the same name."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"simcoalesce.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    @override
    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    @override
    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in _COMMANDS and not name.startswith("-"):
            ctx.fail(_no_such_command(name))
        return super().resolve_command(ctx, args)


def _no_such_command(name: str) -> str:
    if name.endswith((".yaml", ".yml")) or ".yaml@" in name:
        return f'to run a scenario, write "simcoalesce run {name}"'
    close = get_close_matches(name, _COMMANDS, n=1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    return f'there is no command "{name}".{hint}'


@click.group(
    cls=_Commands,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="simcoalesce")
def group() -> None:
    """A burst comes: how many requests reach the origin, and what helps?"""


def main() -> int:
    """Run the command line, and return its exit code."""
    logging.basicConfig(format="%(message)s")
    logging.getLogger("simcoalesce").setLevel(logging.INFO)
    try:
        return _outcome()
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except OSError as error:
        # Most say themselves which file it is; stdout has no name.
        failed = f"use {error.filename}" if error.filename else "write the output"
        click.echo(f"Error: cannot {failed}: {error.strerror or error}", err=True)
        _forget(sys.stdout)
        return USAGE
    except MemoryError:
        click.echo(
            "There is not enough memory for this scenario: lower its rates or its"
            " duration.",
            err=True,
        )
        return INVALID
    except Exception as error:  # noqa: BLE001 - nobody should have to read a traceback
        if _NO_THREAD in str(error):
            click.echo(f"Error: {error}: raise the limit, e.g. ulimit -u", err=True)
            return INVALID
        click.echo(bug_report(error), err=True)
        return BUG


def _outcome() -> int:
    """Run a command, and return its exit code, or that of what is wrong with it."""
    try:
        code = group.main(standalone_mode=False, prog_name="simcoalesce")
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:
        # click leaves so, and with 1, when the reader (`| head`) has seen enough.
        _forget(sys.stdout)
        return OK
    except (ValueError, PluginError) as error:
        # Bad input is a ValueError wherever it is found, e.g. in line 80,000 of a log.
        click.echo(str(error), err=True)
        return INVALID
    return code if isinstance(code, int) else 0


def _forget(stream: TextIO) -> None:
    """Let nothing more be written, so that the interpreter's last flush cannot fail."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def bug_report(error: Exception) -> str:
    """Return what to say of an error that should not be: in short, and what to do.

    With SIMCOALESCE_TRACEBACK in the environment, the traceback too.
    """
    where = traceback.extract_tb(error.__traceback__)[-1]
    cause = traceback.format_exception_only(error)[-1].strip()
    line = (
        f"This is a bug in simcoalesce {__version__}: {cause}"
        f" ({Path(where.filename).name}:{where.lineno}).\nPlease report it with the"
        " scenario, the command, and what it prints with SIMCOALESCE_TRACEBACK=1."
    )
    if not os.environ.get("SIMCOALESCE_TRACEBACK"):
        return line
    return "".join(traceback.format_exception(error)) + line
