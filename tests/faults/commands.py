"""Commands whose every operation fails once, and what has run before each of them."""

from pathlib import Path
from typing import Final

from tests.faults.warmed import Command

LOG: Final = Path(__file__).parents[1] / "assets" / "fit" / "h-combined-only.log.gz"
_RUN: Final = ("run", "sale.yaml", "-o")
_POINTS: Final = ("-P", "kv.write_latency=0ms,80ms,90ms", "--reps", "2")
_FEWER: Final = ("-P", "kv.write_latency=0ms,80ms")
_SWEEP: Final = ("sweep", "sale.yaml", *_POINTS, "-j", "1")
_FITTED: Final = ("-o", "fitted.yaml", "-o", "fitted.json")
_TABLE: Final = ("-o", "table.csv")

COMMANDS: Final = (
    Command(
        "run",
        (*_RUN, "result.json", "-o", "requests.csv", "--junit", "verdicts.xml"),
        ("result.json", "requests.csv", "verdicts.xml"),
        old=["requests.csv"],
        drawn=2,
    ),
    Command("page", (*_RUN, "page.html"), ("page.html",), drawn=1),
    Command(
        "charts",
        (*_RUN, "charts/"),
        ("charts/*",),
        old=["charts/waterfall.svg"],
        drawn=1,
    ),
    Command(
        "sweep",
        (*_SWEEP, *_TABLE, "-o", "plot.svg"),
        ("table.csv", "plot.svg"),
        old=["table.csv"],
        drawn=2,
    ),
    Command(
        "resume",
        (*_SWEEP, *_TABLE),
        ("table.csv",),
        before=[("sweep", "sale.yaml", *_FEWER, "--reps", "2", "-j", "1")],
    ),
    Command("uncached", (*_SWEEP, *_TABLE, "--no-cache"), ("table.csv",)),
    Command("shard", (*_SWEEP, *_TABLE, "--shard", "1/2"), ("table.csv",)),
    Command(
        "merge",
        ("merge", "one.csv", "two.csv", *_TABLE),
        ("table.csv",),
        before=[
            (*_SWEEP, "--shard", "1/2", "-o", "one.csv"),
            (*_SWEEP, "--shard", "2/2", "-o", "two.csv"),
        ],
    ),
    Command(
        "processes",
        ("sweep", "sale.yaml", *_POINTS, "-j", "2", *_TABLE),
        ("table.csv",),
        drawn=1,
    ),
    Command(
        "kernels",
        ("run", "sale.yaml", "-s", "engine=compiled", "-o", "result.json"),
        ("result.json",),
        prepared=["tests.faults.kernels.compiled_before"],
        drawn=0,  # it compiles each time
    ),
    Command(
        "fit",
        ("fit", "calls.log.gz", "--reps", "2", *_FITTED),
        ("fitted.yaml", "fitted.json", "fitted-traffic.csv.gz"),
        old=["fitted.yaml"],
        drawn=1,
    ),
    Command(
        "inspect",
        ("inspect", "-"),
        stdin=LOG,
    ),
    Command(
        "init",
        ("init", "started"),
        ("started/flash-sale.yaml", "started/*.json"),
        again=("init", "started", "--force"),
        drawn=1,
    ),
    Command(
        "compare",
        ("compare", "sale.yaml", "@per-key", "-o", "compared.json"),
        ("compared.json",),
    ),
)
