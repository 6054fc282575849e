"""The table of CONTRIBUTING.md is exact: each of its rows is done here, in a copy.

A member is made of a neighbour under another name. What it takes is what is written
below, and nothing else; the table says how many files that is.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from typing import Any, Final, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
TABLE: Final = re.compile(
    r"^\| (an? [^|]+) \| ([^|]+) \| (\d) \| [^|]+ \|$", re.MULTILINE
)
SALE: Final = """
traffic: {arrivals: [{kind: burst, requests: 20, within: 1s}]}
origin: {latency: 10ms}
path: [origin]
"""
HEADER: Final = f"""
from simcoalesce import Scenario, replicate
SALE = '''{SALE}'''
def result(*overrides):
    return replicate(Scenario.parse(SALE, overrides=overrides), replications=1)
def metric(name, *overrides):
    return result(*overrides).estimates[name].mean
"""


class Edit(NamedTuple):
    """A file made of another one, or of itself: what is replaced by what."""

    of: str
    replace: Mapping[str, str] = {}


class Addition(NamedTuple):
    """What is added: files by their names, and a program that needs it."""

    files: Mapping[str, Edit]
    use: str


def member(folder: str, like: str, use: str, *, suffix: str = "") -> Addition:
    """Return a member of a family: one file, like another one of its folder."""
    file = f"simcoalesce/{folder}/{like}.py"
    text = Path(ROOT, file).read_text()
    (name,) = re.findall(r"^class ([A-Z]\w+)", text, re.MULTILINE)
    kinds = {f'"{like}"': '"added"'} if f'"{like}"' in text else {}
    suffixes = {f'"{suffix}"': '".added"'} if suffix else {}
    edit = Edit(file, {name: "Added", **kinds, **suffixes})
    return Addition({f"simcoalesce/{folder}/added.py": edit}, use)


ADDITIONS: Final[dict[str, Addition]] = {
    "a layer": member(
        "model/layers",
        "memory",
        "from simcoalesce.scenario.schema import schema_text\n"
        'assert "added" in schema_text()\n'
        'assert metric("cache_hits", "path=[added, origin]") > 10',
    ),
    "an arrival": member(
        "traffic/arrivals",
        "burst",
        'more = "traffic.arrivals=[{kind: added, requests: 7, within: 1s}]"\n'
        'assert metric("requests", more) == 7',
    ),
    "a popularity": member(
        "traffic/popularities",
        "one",
        'assert metric("requests", "traffic.keys={kind: added, key: a}") == 20',
    ),
    "a log format": member(
        "logs/formats",
        "ndjson",
        'open("log", "w").write(\'{"time": 1}\\n{"time": 2}\\n\')\n'
        'log = "traffic.arrivals=[{kind: replay, file: log, format: added}]"\n'
        'assert metric("requests", log) == 2',
    ),
    "a rate limit": member(
        "model/rate_limits",
        "fixed_window",
        'limit = "origin.rate_limit={kind: added, limit: 5, per: 1m}"\n'
        'assert metric("origin_rejected", limit) == 15',
    ),
    "a fault": member(
        "model/faults",
        "first",
        'assert metric("errors", "origin.faults=[{kind: added, calls: 3}]") == 3',
    ),
    "a change in mid-run": member(
        "model/changes",
        "purge",
        'path = "path=[cdn, origin]"\n'
        'change = "changes=[{at: 500ms, added: {keys: all}}]"\n'
        'assert metric("origin_hits", path, change) > metric("origin_hits", path)',
    ),
    "a cause": member(
        "explain/causes/kinds",
        "burst",
        "from simcoalesce.explain.causes.cause import causes\n"
        'assert causes()["added"].kind == "added"',
    ),
    "a remedy": member(
        "explain/counterfactuals/remedies",
        "faster_origin",
        "from simcoalesce import explain\n"
        "made = explain(Scenario.parse(SALE), replications=2).counterfactuals\n"
        'assert "added" in [one.kind for one in made]',
    ),
    "a parameter": member(
        "explain/calibration/parameters",
        "origin_latency",
        "from simcoalesce.explain.calibration.parameter import parameters\n"
        'assert "added" in [one.kind for one in parameters()]',
    ),
    "an estimator of `fit`": member(
        "fit/estimators",
        "wall_clock",
        "from simcoalesce.fit.estimator import estimators\n"
        'assert "added" in [one.kind for one in estimators()]',
    ),
    "a picture": member(
        "report/pictures",
        "latency_ecdf",
        "from simcoalesce.report.picture import pictures\n"
        'assert pictures()["added"].kind == "added"',
    ),
    "a target of `validate`": member(
        "validation/targets",
        "nginx",
        "from simcoalesce.validation.target import targets\n"
        'assert targets()["added"].kind == "added"',
    ),
    "a metric": Addition(
        {
            "simcoalesce/metrics/caching.py": Edit(
                "simcoalesce/metrics/caching.py",
                {
                    "def errors(": "def twice(tally: Tally) -> int:\n"
                    '    """Return twice the requests."""\n'
                    "    return 2 * requests(tally)\n\n\ndef errors("
                },
            ),
            "simcoalesce/metrics/registry.py": Edit(
                "simcoalesce/metrics/registry.py",
                {
                    "caching.requests, caching.errors": "caching.requests,"
                    " caching.twice, caching.errors"
                },
            ),
        },
        'assert metric("twice") == 40',
    ),
    "an export": member(
        "report/exports",
        "events",
        "from simcoalesce.report.export import export_for\n"
        'lines = export_for("run.added").text(result()).splitlines()\n'
        "assert len(lines) == 80",
        suffix=".ndjson",
    ),
    "a price list": Addition(
        {
            "simcoalesce/cost/price_lists/added-paid-2026-12.yaml": Edit(
                "simcoalesce/cost/price_lists/cloudflare-workers-paid-2026-11.yaml"
            )
        },
        'assert metric("cost_usd", "price_list=added-paid-2026-12") > 0',
    ),
    "a template": Addition(
        {
            "simcoalesce/scenario/templates/added.yaml": Edit(
                "simcoalesce/scenario/templates/ttl-expiry.yaml"
            )
        },
        "from simcoalesce.scenario.template import template_text\n"
        'Scenario.parse(template_text("added"))',
    ),
    "a scenario": Addition(
        {"scenarios/added.yaml": Edit("scenarios/ttl-expiry.yaml")},
        "from simcoalesce.scenario.shipped import shipped\n"
        'Scenario.load(shipped("added"))',
    ),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package and its scenarios."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("simcoalesce", "scenarios"):
        copytree(ROOT / name, folder / name)
    return folder


@contextmanager
def added(addition: Addition, checkout: Path) -> Iterator[None]:
    """Write what an addition takes; afterwards the copy is as it was."""
    before: dict[Path, str | None] = {}
    for name, (of, replace) in addition.files.items():
        text, target = (checkout / of).read_text(encoding="utf-8"), checkout / name
        for old, new in replace.items():
            assert old in text, f"{of} has no {old}"
            text = text.replace(old, new)
        before[target] = target.read_text(encoding="utf-8") if target.exists() else None
        target.write_text(text, encoding="utf-8")
    yield
    for target, old_text in before.items():
        if old_text is None:
            target.unlink()
        else:
            target.write_text(old_text, encoding="utf-8")


def rows() -> dict[str, tuple[str, int]]:
    """Return the table's rows: what they add, what is written, how many files."""
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    return {what: (text, int(number)) for what, text, number in TABLE.findall(page)}


def test_each_row_of_the_table_is_done_here() -> None:
    """No row is a promise only, and nothing is done that no row says."""
    assert [*rows()] == [*ADDITIONS]


@pytest.mark.parametrize("what", ADDITIONS)
def test_it_takes_the_files_that_its_row_says_and_works(
    what: str, checkout: Path
) -> None:
    """As many as the row says, where it says; then a program uses what was added."""
    addition, (text, number) = ADDITIONS[what], rows()[what]
    said = re.findall(r"`((?:simcoalesce|scenarios)/[^`]+)`", text)
    places = [re.sub(r"<[^>]+>", "[^/]+", re.escape(one)) for one in said]

    with added(addition, checkout):
        ran = program(HEADER + addition.use, checkout)

    assert len(addition.files) == number == len(said)
    assert all(map(re.fullmatch, places, addition.files))
    assert ran.returncode == 0, ran.stderr


def program(text: str, checkout: Path) -> subprocess.CompletedProcess[Any]:
    """Run a program with the package of the copy."""
    return subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", text],
        cwd=checkout,
        env=os.environ | {"PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
