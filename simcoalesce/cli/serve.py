"""simcoalesce serve: a local page on which one asks what if."""

import webbrowser
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

import click

from simcoalesce.cli.arguments import overrides_option
from simcoalesce.scenario.named_variant import split_variant
from simcoalesce.scenario.shipped import shipped
from simcoalesce.serve.what_if import ScenarioFile, WhatIf

_NEEDED: Final = ("starlette", "uvicorn")


@click.command("serve")
@click.argument("file", metavar="[FILE[@VARIANT]]", required=False)
@overrides_option
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    metavar="PORT",
    help="Where to listen on 127.0.0.1; a free port if absent.",
)
@click.option("--open", "opens", is_flag=True, help="Open the page in a browser.")
def command(
    file: str | None, overrides: Sequence[str], port: int, *, opens: bool
) -> None:
    """Serve a page about FILE, or the flash sale, on which one asks what if.

    Only this machine reaches it; Ctrl-C ends it. FILE is read as --untrusted reads it:
    the files that it names lie below its folder.
    """
    _check_installed()
    named = file or str(shipped("flash-sale-9pm"))
    name, variant = split_variant(named)
    if name == "-":
        raise click.UsageError("serve reads a file; write its name instead of -")
    ScenarioFile.read(name).chosen(WhatIf(variant, tuple(overrides)))
    from simcoalesce.serve.server import serve  # noqa: PLC0415 - an extra

    def on_ready(address: str) -> None:
        page = address + _state(variant, overrides)
        click.echo(f"{page}\nServing {name} on this machine only. Ctrl-C ends it.")
        if opens:
            webbrowser.open(page)

    try:
        serve(Path(name), port=port, on_ready=on_ready)
    except OSError as error:
        raise click.UsageError(f"--port {port}: {error.strerror}") from None


def _check_installed() -> None:
    """Say what to install.

    Raises:
        UsageError: If the server is not there.
    """
    if not all(map(find_spec, _NEEDED)):
        raise click.UsageError(
            "serve needs Starlette and uvicorn: pip install 'simcoalesce[serve]'"
        )


def _state(variant: str | None, overrides: Sequence[str]) -> str:
    """Return the part of the address that holds the state of the page."""
    parts = [("variant", variant)] if variant else []
    parts += [("s", one) for one in overrides]
    return f"#{urlencode(parts)}" if parts else ""
