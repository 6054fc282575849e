"""Reports of the shipped scenarios: a page with pictures, and the result document.

``python -m reports`` writes them all, ``python -m reports flash-sale-9pm`` one.
"""

from collections.abc import Iterator
from contextlib import chdir
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from simcoalesce import Scenario, page, replicate
from simcoalesce.experiment.result import Result
from simcoalesce.explain.explanation import explain
from simcoalesce.report.blocks.explanation_report import explanation_report
from simcoalesce.report.blocks.result import result_report
from simcoalesce.report.blocks.run_view import RunView
from simcoalesce.report.drawing.figure import save_picture
from simcoalesce.report.exports.result_document import ResultDocument
from simcoalesce.report.markdown.report import report_markdown
from simcoalesce.report.picture import Picture, pictures_of

ROOT: Final = Path(__file__).parents[1]
FOLDER: Final = ROOT / "reports"
SCENARIOS: Final = {
    path.stem: path.relative_to(ROOT).as_posix()
    for path in sorted(
        [*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("scenarios/incidents/*.yaml")]
    )
}
"""Every shipped scenario by its name."""

INCIDENT: Final = "flash-sale-9pm"
"""The scenario that is explained."""
INCIDENT_RUNS: Final = 10

_SUFFIXES: Final = {
    "arrivals_by_outcome": ".svg",
    "origin_calls_and_limit": ".png",
    "latency_ecdf": ".png",
}
"""The pictures of a report, each in the form that is small."""
_COLOURS: Final = 32
_SLOW: Final = ("open-and-closed-loop", "purged-sale", "restarted-memories")
"""A run of these takes half a second or more: they have two."""
_TITLE: Final = "Title"


class Drawn(NamedTuple):
    """A picture of a report: the name of its file, and what it says."""

    name: str
    headline: str
    picture: Picture


def result_of(name: str) -> Result:
    """Return the result that a report is about."""
    scenario = _loaded(name)
    return replicate(scenario, replications=2 if name in _SLOW else None)


def _loaded(name: str) -> Scenario:
    """Return a scenario by its name in the project, whatever folder that lies in."""
    with chdir(ROOT):
        return Scenario.load(SCENARIOS[name])


def drawn(result: Result) -> Iterator[Drawn]:
    """Yield the pictures of a result."""
    view = RunView.of(result)
    for kind, picture in pictures_of(view).items():
        if kind in _SUFFIXES:
            yield Drawn(kind + _SUFFIXES[kind], picture.headline(view), picture)


def texts(name: str, result: Result) -> dict[str, str]:
    """Return the texts of a report by the names of their files."""
    return {
        "README.md": _page(name, result),
        "result.json": ResultDocument().text(result),
    }


def _page(name: str, result: Result) -> str:
    head, *blocks = report_markdown(result_report(result)).split("\n\n## ")
    seen = [f"![{one.headline}]({one.name})" for one in drawn(result)]
    scenario = SCENARIOS[name]
    runs = f" --reps {result.replications}" if name in _SLOW else ""
    explained = "Why, and what helps: [explained](explain.md). "
    how = (
        f"{explained if name == INCIDENT else ''}[The scenario](../../{scenario}) ·"
        f" [all numbers](result.json) · `simcoalesce run {scenario}{runs}`"
    )
    first, *rest = [head.rstrip(), *seen]
    question = result.scenario.question
    parts = [first, *([f"*{question}*"] if question else []), how, *rest]
    return "\n\n".join([*parts, *(f"## {block.strip()}" for block in blocks)]) + "\n"


def write(name: str) -> Result:
    """Write the report of a scenario; return its result."""
    result = result_of(name)
    folder = FOLDER / name
    folder.mkdir(exist_ok=True)
    for file, text in texts(name, result).items():
        (folder / file).write_text(text, encoding="utf-8")
    write_pictures(result, folder)
    if name == INCIDENT:
        write_incident()
    return result


def write_pictures(result: Result, folder: Path) -> None:
    """Draw the pictures of a result into a folder."""
    for one in drawn(result):
        path = folder / one.name
        save_picture(one.picture, RunView.of(result), path)
        if path.suffix == ".png":
            path.write_bytes(few_colours(path.read_bytes()))


def write_incident() -> None:
    """Write the page of the incident that is explained."""
    explanation = explain(_loaded(INCIDENT), replications=INCIDENT_RUNS)
    text = report_markdown(explanation_report(explanation))
    folder = FOLDER / INCIDENT
    (folder / "explain.md").write_text(text, encoding="utf-8")
    (folder / "explain.html").write_text(page(explanation), encoding="utf-8")


def few_colours(png: bytes) -> bytes:
    """Return a PNG with a palette, a third as large; its title stays."""
    with Image.open(BytesIO(png)) as image:
        about = PngInfo()
        about.add_itxt(_TITLE, str(image.info[_TITLE]))
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    written = BytesIO()
    few.save(written, "PNG", optimize=True, pnginfo=about)
    return written.getvalue()


def title_of(path: Path) -> str:
    """Return what a picture says of itself."""
    if path.suffix == ".svg":
        text = path.read_text(encoding="utf-8")
        return text.partition("<title>")[2].partition("</title>")[0]
    with Image.open(path) as image:
        return str(image.info[_TITLE])


def index() -> str:
    """Return the page about all reports, from their own first lines."""
    rows = [
        f"| [{name}]({name}/README.md) | {_part(name, 0)[2:]} | {_part(name, 2)} |"
        for name in SCENARIOS
    ]
    return "\n".join([_HEAD, *rows, ""])


def _part(name: str, number: int) -> str:
    text = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    return text.split("\n\n")[number].replace("|", r"\|")


_HEAD: Final = """\
# Reports

What the shipped scenarios say: for each a page with its pictures and the result
document. The incident of the README is [explained](flash-sale-9pm/explain.md), also as
[a page](flash-sale-9pm/explain.html) that needs no network. `python -m reports` writes
all of them anew, `python -m reports NAME` those of one scenario; tests hold that they
are what the present version says.

| scenario | about | in one sentence |
| --- | --- | --- |"""
