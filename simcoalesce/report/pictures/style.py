"""The one look of all pictures, and how they become files."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.pictures.chart import Chart, charts, finding_of
from simcoalesce.report.pictures.chart_context import ChartContext
from simcoalesce.whole_file import whole_file

if TYPE_CHECKING:
    from simcoalesce.experiment.result import Result

INK: Final = "#222222"
FAINT: Final = "#6a6a6a"

_STYLE: Final[Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#9a9a9a",
    "axes.facecolor": "white",
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": INK,
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.facecolor": "white",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 10,
    "grid.color": "#e6e6e6",
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
    "legend.borderaxespad": 0.0,
    "legend.columnspacing": 1.4,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "legend.handlelength": 1.4,
    "legend.handletextpad": 0.5,
    "lines.solid_capstyle": "butt",
    "path.simplify": False,
    "savefig.dpi": 150,
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "simcoalesce",
    "text.color": INK,
    "xtick.color": FAINT,
    "xtick.labelsize": 9,
    "ytick.color": FAINT,
    "ytick.labelsize": 9,
}

_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "simcoalesce"},
}
"""What goes into each kind of file: no day and no version, so no needless change."""


def picture(chart: Chart, outcomes: Outcomes, setting: ChartContext | None) -> Figure:
    """Return a chart of a run as a figure."""
    figure = Figure(figsize=chart.size_inches)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0.08, 0.12, 0.9, 0.68))
    chart.draw(outcomes, setting, ax)
    return figure


def save_charts(
    subject: "Outcomes | Result", setting: ChartContext | None, folder: Path | str
) -> list[Path]:
    """Draw every chart that the rows allow, each as PNG and as SVG.

    The same rows give the same bytes. A file appears whole or not at all.

    Args:
        subject: One run, or a result, of which the first run is drawn.
        setting: The scenario, for the clock and the limits; None works too.
        folder: Where the files go; made if it does not exist.

    Returns:
        The files, two for each chart.

    Raises:
        OSError: If the folder or a file cannot be written.
    """
    outcomes = subject if isinstance(subject, Outcomes) else subject.outcomes
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with chart_style():
        for kind, chart in charts().items():
            if chart.is_possible(outcomes):
                figure = picture(chart, outcomes, setting)
                paths += [save(figure, target / f"{kind}.{form}") for form in _METADATA]
    return paths


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw what is drawn meanwhile in the one look, whatever the reader's defaults."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def save(figure: Figure, path: Path) -> Path:
    """Write a figure as PNG or SVG, by the suffix; the same figure, the same bytes.

    Raises:
        OSError: If the file cannot be written.
    """
    with whole_file(path) as file:
        _save(figure, file, path.suffix.removeprefix("."))
    return path


def svg_text(figure: Figure) -> str:
    """Return a figure as the text of an SVG."""
    file = BytesIO()
    _save(figure, file, "svg")
    return file.getvalue().decode("utf-8")


def _save(figure: Figure, file: IO[bytes], form: str) -> None:
    metadata = {"Title": finding_of(figure.axes[0]), **_METADATA[form]}
    figure.savefig(
        file, format=form, bbox_inches="tight", pad_inches=0.15, metadata=metadata
    )
