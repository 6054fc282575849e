"""simcoalesce fit: a scenario of what a log tells."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import click

from simcoalesce.cli import exits
from simcoalesce.cli.arguments import load, usage_errors
from simcoalesce.cli.fit_output import (
    Fitted,
    check_targets,
    holdout_ratio,
    scenario_stem,
    told,
    write,
)
from simcoalesce.cli.log_arguments import key_parts, log_spec
from simcoalesce.cli.out_path import checked_files
from simcoalesce.cli.output import all_written
from simcoalesce.cli.progress import Progress
from simcoalesce.cli.streams import print_as
from simcoalesce.scenario.scenario_spec import MOST_REPLICATIONS

if TYPE_CHECKING:
    from simcoalesce.fit.against_log import AgainstLog
    from simcoalesce.fit.log_fit import LogFit
    from simcoalesce.logs.key_rule import KeyRule
    from simcoalesce.logs.log import Log

_EXITS: Final = {
    "believed": exits.OK,
    "none": exits.OK,
    "not believed": exits.EXPECTATION_FAILED,
}


@click.command("fit")
@click.argument("files", metavar="LOG...", nargs=-1, required=True)
@click.option(
    "-o",
    "--out",
    "targets",
    multiple=True,
    callback=checked_files,
    metavar="PATH",
    help="Write the scenario, NAME.yaml, with its arrivals in a file of its own; or the"
    " report, NAME.html, NAME.md or NAME.json. May be repeated.",
)
@click.option(
    "--format",
    "kind",
    default="auto",
    metavar="KIND",
    help="What the log is, or the log_format string of nginx that wrote it.",
)
@click.option(
    "--key",
    default="auto",
    show_default=True,
    metavar="PARTS",
    help="What the key of a request is: url, host, path, query, uri, or several with"
    " commas; auto finds it in the log.",
)
@click.option("--host", help="Only requests for this host.")
@click.option("--from", "from_", metavar="TIME", help="Only requests from then on.")
@click.option("--until", metavar="TIME", help="Only requests before.")
@click.option(
    "--holdout",
    default="40%",
    show_default=True,
    metavar="SHARE",
    help="How much of the log, at its end, is predicted and not fitted.",
)
@click.option(
    "--traffic",
    type=click.Choice(["replay", "law"]),
    default="replay",
    show_default=True,
    help="Whether the scenario replays the log, or draws its traffic from a law.",
)
@click.option(
    "--reps",
    "replications",
    type=click.IntRange(2, MOST_REPLICATIONS),
    default=20,
    show_default=True,
    help="Number of runs that predict the rest of the log.",
)
@click.option(
    "--redact",
    is_flag=True,
    help="Write hosts, paths and queries as keyed hashes; the key is kept nowhere.",
)
@click.option(
    "--against",
    metavar="FILE[@VARIANT]",
    help="Fit nothing: hold this scenario against the log.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a document.")
def command(  # noqa: PLR0913 - one argument for each option
    files: Sequence[str],
    *,
    targets: Sequence[str],
    kind: str,
    key: str,
    host: str | None,
    from_: str | None,
    until: str | None,
    holdout: str,
    traffic: Any,
    replications: int,
    redact: bool,
    against: str | None,
    as_json: bool,
) -> int:
    """Fit a scenario to LOG..., and test it on the part that was not fitted.

    Each line of the scenario has its evidence as a comment; what the log leaves open is
    drawn by `run --uncertain`. Exits with 10 if the scenario does not tell the log's
    story, 13 if nothing of the log can be used.
    """
    check_targets(targets)
    with usage_errors():
        ratio = holdout_ratio(holdout)
    log, rule = _read(files, kind, key, (host, from_, until))
    if log.no_verdict:
        click.echo(log.no_verdict, err=True)
        return exits.UNDECIDED
    if redact:
        from simcoalesce.fit.redaction import redacted  # noqa: PLC0415 - slow

        log = redacted(log)
    options: dict[str, Any] = {"key": rule, "replications": replications}
    with Progress(of_what="runs") as progress:
        options["on_run"] = progress
        if against is not None:
            found: Fitted = _against(against, log, options)
        else:
            stem = scenario_stem(targets)
            options |= {"traffic": traffic, "holdout_ratio": ratio, "stem": stem}
            found = _fitted(log, options)
    form = ".json" if as_json else ".txt"
    with all_written(targets, lambda target: write(target, found)):
        print_as(form, told(found, form))
    return _EXITS[found.verdict]


def _read(
    files: Sequence[str], kind: str, key: str, chosen: tuple[str | None, ...]
) -> "tuple[Log, KeyRule | None]":
    """Return the requests that count, and the key rule that was asked for."""
    from simcoalesce.logs.reader import read_log  # noqa: PLC0415 - slow

    host, from_, until = chosen
    is_given = key != "auto"
    said: dict[str, Any] = {
        "file": list(files),
        "format": kind,
        "from": from_,
        "until": until,
    }
    said |= {"where": {"host": host}} if host else {}
    said |= {"key": key_parts(key)} if is_given else {}
    spec = log_spec({k: v for k, v in said.items() if v is not None})
    return read_log(spec), spec.key_rule if is_given else None


def _fitted(log: "Log", options: dict[str, Any]) -> "LogFit":
    from simcoalesce.fit.log_fit import fit_log  # noqa: PLC0415 - slow

    return fit_log(log, **options)


def _against(file: str, log: "Log", options: dict[str, Any]) -> "AgainstLog":
    from simcoalesce.fit.against_log import hold_against  # noqa: PLC0415 - slow

    return hold_against(load(file, ()), log, **options)
