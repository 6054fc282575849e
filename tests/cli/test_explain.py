"""simcoalesce explain and why, as a user calls them.

When the output on the page changes on purpose:
REFRESH_README=1 pytest tests/cli/test_explain.py
"""

import json
import os
import re
import shlex
from html import unescape
from html.parser import HTMLParser
from itertools import chain, repeat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from typing_extensions import override

from simcoalesce.cli import explain, group, progress

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how_to" / "explain.md"
BLOCK = re.compile(
    r"(?P<before>```console\n\$ simcoalesce (?P<source>.*)\n)(?P<output>(?:.*\n)*?)```"
)
REPORT = ROOT / "reports" / "flash-sale-9pm"
REPORTED = {"explain scenarios/flash-sale-9pm.yaml --reps 10": ("explain.md",)}
"""What is reported of a command's run, anew by: python -m reports flash-sale-9pm"""
INCIDENT = """
title: A <small> incident
traffic: {arrivals: [{kind: burst, requests: 200, within: 200ms}], isolates: 50}
kv: {read_latency: 5ms, read_at: end, write_latency: 40ms, writes_per_key: unlimited}
origin: {latency: 60ms, rate_limit: {kind: fixed_window, limit: 60, per: 1m}}
path: [kv.read, kv.write, origin]
observations:
  - {text: the burst, sets: ["traffic.arrivals[0].within=50ms"]}
  - {text: the calls, that: origin_hits >= 80 and origin_hits <= 120}
claims: [{text: Writes are at fault., holds_if: errors@instant_kv_writes == 0}]
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    """Return the path of a small incident."""
    path = tmp_path / "incident.yaml"
    path.write_text(INCIDENT)
    return str(path)


def told(page: Path) -> str:
    """Return the words of a page, without its pictures, styles and scripts."""
    text = page.read_text("utf-8")
    text = re.sub(r"<(style|script|svg).*?</\1>", " ", text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def sentences(page: Path) -> list[str]:
    """Return the paragraphs of a page in Markdown, without headings and tables."""
    parts = page.read_text("utf-8").split("\n\n")
    return [" ".join(one.split()) for one in parts if one[0] not in "#|R"]


def simcoalesce(*arguments: str) -> Result:
    """Call a command."""
    return CliRunner().invoke(group, arguments)


def test_an_explanation_has_all_of_its_parts(file: str) -> None:
    """In the order in which a reader may stop."""
    text = simcoalesce("explain", file, "--reps", "4").stdout
    headings = re.findall(r"^[A-Z][A-Z :]+", text, flags=re.MULTILINE)

    assert [heading.strip() for heading in headings if len(heading) > 3] == [
        "ANSWER",
        "WHAT HAPPENED",
        "CAUSES",
        "WHAT EACH CHANGE DOES ON ITS OWN",
        "WHAT MEETS THE GOAL",
        "THRESHOLDS: THE WEAKEST SETTING THAT MEETS THE GOAL",
        "HOW MANY CALLS: CLOSED FORM",
        "CAN THE REPORT BE TRUE",
        "ASSUMED",
        "CLAIMS OF THE POST",
        "OUTSIDE THE MODEL",
    ]


def test_no_line_of_an_explanation_is_too_wide(
    file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It fits on a terminal of 120 columns."""
    monkeypatch.chdir(Path(file).parent)
    lines = simcoalesce("explain", "incident.yaml", "--reps", "3").stdout.splitlines()

    assert max(map(len, lines)) <= 120


def test_the_document_and_the_text_say_the_same(file: str) -> None:
    """Both are of one object."""
    ran = simcoalesce("explain", file, "--reps", "3", "--json")
    document = json.loads(ran.stdout)
    verdicts = {one["kind"]: one["verdict"] for one in document["remedies"]}

    assert document["schema_version"] == "2"
    assert verdicts["object_per_key"] == "fixes"
    assert document["claim_results"][0]["truth"] in {
        "holds",
        "fails",
        "partly",
        "undecided",
    }
    assert document["consistency"]["unexplained"] == ["the calls"]


def test_the_same_explanation_is_the_same_bytes(file: str, tmp_path: Path) -> None:
    """As a page too."""
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    for page in pages:
        simcoalesce("explain", file, "--reps", "2", "-o", str(page))

    assert pages[0].read_bytes() == pages[1].read_bytes()


class Links(HTMLParser):
    """What a page loads, and how many elements it leaves open."""

    def __init__(self) -> None:
        """Begin with nothing seen."""
        super().__init__()
        self.loaded: list[str] = []

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loaded += [v or "" for name, v in attrs if name in {"src", "href"}]


def test_the_page_stands_alone(file: str, tmp_path: Path) -> None:
    """It loads nothing from elsewhere, and escapes what the scenario says."""
    page = tmp_path / "explain.html"
    simcoalesce("explain", file, "--reps", "2", "-o", str(page))
    text = page.read_text(encoding="utf-8")
    links = Links()
    links.feed(text)

    assert [one for one in links.loaded if not one.startswith("#")] == []
    assert "A &lt;small&gt; incident" in text


def test_a_post_mortem_is_markdown(file: str) -> None:
    """With headings, and tables whose rows have as many cells as their heads."""
    text = simcoalesce("explain", file, "--reps", "2", "--markdown").stdout
    tables = re.findall(r"(?:^\|.*\n)+", text, flags=re.MULTILINE)

    assert text.startswith("# A <small> incident\n")
    assert len(tables) >= 5
    for table in tables:
        assert len({row.count("|") for row in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--reps", "1"], 2, "the range 2<=x"),
        (["-s", "replications=1"], 3, "two replications or more"),
        (["-o", "explain.pdf"], 2, "write NAME.html"),
        (["-o", "no/such/folder/a.html"], 2, "there is no folder"),
        (["-s", "kv.write_latency=80"], 3, "80ms"),
    ],
    ids=str,
)
def test_a_wrong_call_is_answered(
    file: str, arguments: list[str], code: int, told: str
) -> None:
    """Before anything is simulated where that can be."""
    ran = CliRunner().invoke(group, ["explain", file, *arguments])
    said = f"{ran.stderr}{ran.exception}"

    assert told in said
    assert ran.exit_code == code or isinstance(ran.exception, ValueError)


def test_why_prints_the_trace_of_a_request(file: str) -> None:
    """From its arrival to its answer."""
    ran = simcoalesce("why", file, "--request", "first-429")

    assert ran.exit_code == 0
    assert "Origin, 10 ms: refused, 429" in ran.stdout
    assert "Latency 15 ms, refused by the origin." in ran.stdout


def test_why_is_a_document_too(file: str) -> None:
    """The same as data."""
    document = json.loads(simcoalesce("why", file, "--json").stdout)

    assert document["waited_longer"] == 0
    assert document["calls"]


def test_why_knows_no_request_that_did_not_come(file: str) -> None:
    """It says which there are."""
    ran = CliRunner().invoke(group, ["why", file, "--request", "999"])

    assert ran.exit_code == 2
    assert "numbered from 0 to 199" in ran.stderr


@pytest.mark.parametrize(
    "block",
    [*BLOCK.finditer(PAGE.read_text(encoding="utf-8"))],
    ids=lambda block: block["source"],
)
def test_the_page_shows_what_the_commands_print(
    block: re.Match[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Every number on it is of the present version, and so is the report's."""
    monkeypatch.chdir(ROOT)
    pages = [tmp_path / name for name in REPORTED.get(block["source"], ())]
    targets = [part for page in pages for part in ("-o", str(page))]
    output = simcoalesce(*shlex.split(block["source"]), *targets).stdout
    for page in pages:
        assert page.read_text("utf-8") == (REPORT / page.name).read_text("utf-8")
        kept = told(REPORT / "explain.html")
        assert [one for one in sentences(page) if one not in kept] == []
    if "REFRESH_README" in os.environ:
        text = PAGE.read_text(encoding="utf-8")
        fresh = text.replace(block[0], f"{block['before']}{output}```")
        PAGE.write_text(fresh, encoding="utf-8")
    else:
        assert output == block["output"]


def test_a_variant_is_explained_and_the_claims_stay_those_of_the_incident() -> None:
    """A cure has no goal that it misses, and the post-mortem is not about it."""
    file = str(ROOT / "scenarios" / "flash-sale-9pm.yaml")
    ran = simcoalesce("explain", f"{file}@per-key", "--reps", "2", "--json")
    document = json.loads(ran.stdout)

    assert document["metrics"]["origin_hits"]["mean"] == 5
    claims = {one["text"]: one["circumstances"] for one in document["claim_results"]}
    assert claims["The origin refuses by 21:03."][0]["truth"] == "holds"
    assert "object_per_key" in {one["kind"] for one in document["skipped"]}


@pytest.mark.parametrize(
    ("engine", "seconds", "told"),
    [("simpy", 11, "engine: auto is far faster"), ("simpy", 9, ""), ("auto", 11, "")],
)
def test_after_ten_seconds_a_hint_says_what_is_faster(
    engine: str, seconds: float, told: str, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    """Once, on stderr; none where the compiled engine runs."""
    times = chain([0.0], repeat(seconds))
    monkeypatch.setattr(progress, "monotonic", lambda: next(times))
    monkeypatch.setattr(explain, "why_readable", lambda *_: "")
    ran = simcoalesce("explain", file, "--reps", "2", "-s", f"engine={engine}")
    hints = [line for line in ran.stderr.splitlines() if line.startswith("hint: ")]

    assert len(hints) == bool(told)
    assert told in "".join(hints)
