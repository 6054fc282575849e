"""How a picture becomes a figure, and a figure a file: one way for all."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import Any, Final

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from simcoalesce.report.blocks.number_format import held
from simcoalesce.report.drawing.paint import FAINT
from simcoalesce.report.drawing.style import chart_style
from simcoalesce.report.picture import Picture, pictures_of
from simcoalesce.visible import LINE_END, visible
from simcoalesce.whole_file import write_together

_METADATA: Final[dict[str, dict[str, Any]]] = {
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": "simcoalesce"},
}
"""What goes into each kind of file: no day and no version, so no needless change."""

_MARGIN_INCHES: Final = 0.15
_TITLE_CHARACTERS: Final = 84
_SUBTITLE_CHARACTERS: Final = 130
_LEGEND_CHARACTERS: Final = 105
_LEGEND_ROW_POINTS: Final = 14
_SUBTITLE_ROW_POINTS: Final = 12


def figure_of(picture: Picture, subject: object) -> Figure:
    """Return a picture as a figure: its axes, and its headline and legend above."""
    figure = Figure(figsize=picture.size_inches(subject))
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    picture.draw(subject, ax)
    _head(ax, picture.headline(subject), picture.subtitle(subject))
    return figure


def _drawn(
    picture: Picture, subject: object, paths: Sequence[Path]
) -> dict[Path, bytes]:
    """Return what files are to have: a picture as PNG or SVG, by the suffix of each."""
    with chart_style():
        figure, title = figure_of(picture, subject), picture.headline(subject)
        return {path: _image(figure, path, title) for path in paths}


def svg_text(picture: Picture, subject: object) -> str:
    """Return a picture as the text of an SVG."""
    path = Path("picture.svg")
    return _drawn(picture, subject, [path])[path].decode("utf-8")


def save_picture(picture: Picture, subject: object, *paths: Path) -> None:
    """Draw a picture, and write it as PNG or SVG, by the suffix of each path.

    Raises:
        OSError: If a file cannot be written.
    """
    write_together(_drawn(picture, subject, paths))


def save_pictures(subject: object, folder: Path | str) -> list[Path]:
    """Draw every picture that a subject allows, each as PNG and as SVG.

    The same subject gives the same bytes. No file appears before all are drawn, and on
    the disk.

    Args:
        subject: A run as a RunView, or what else pictures are drawn of.
        folder: Where the files go; made if it does not exist.

    Returns:
        The files, two for each picture.

    Raises:
        OSError: If the folder or a file cannot be written.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    drawn: dict[Path, bytes] = {}
    for kind, picture in pictures_of(subject).items():
        paths = [target / f"{kind}.{form}" for form in _METADATA]
        drawn |= _drawn(picture, subject, paths)
    write_together(drawn)
    return [*drawn]


def save(figure: Figure, path: Path, title: str) -> None:
    """Write a figure as PNG or SVG, by the suffix; the same figure, the same bytes.

    Raises:
        OSError: If the file cannot be written.
    """
    write_together({path: _image(figure, path, title)})


def _image(figure: Figure, path: Path, title: str) -> bytes:
    """Return a figure as the bytes of a file with the suffix of a path."""
    form = path.suffix.removeprefix(".")
    metadata = {"Title": visible(title), **_METADATA[form]}
    # As bbox_inches="tight" has it, which draws everything once more to find out.
    box = figure.get_tightbbox().padded(_MARGIN_INCHES)
    drawn = BytesIO()
    figure.savefig(drawn, format=form, bbox_inches=box, metadata=metadata)
    if form != "svg":
        return drawn.getvalue()
    # In an SVG a comment has each text that is drawn, as it is.
    return visible(drawn.getvalue().decode(), keep=LINE_END).encode()


def _head(ax: Any, headline: str, subtitle: str) -> None:
    """Say above a picture what it shows, when, and which colour means what."""
    rise = 8 + _LEGEND_ROW_POINTS * _legend(ax)
    lines = wrap(visible(subtitle), _SUBTITLE_CHARACTERS)
    _above(ax, "\n".join(lines), rise, fontsize=9, color=FAINT)
    rise += 8 + _SUBTITLE_ROW_POINTS * len(lines)
    title = "\n".join(_balanced(visible(headline), _TITLE_CHARACTERS))
    _above(ax, title, rise, fontsize=12.5, fontweight="bold")


def _balanced(text: str, width: int) -> list[str]:
    """Return a text in as few lines as fit, of about the same length."""
    whole = held(text)
    fewest = len(wrap(whole, width))
    narrowest = len(whole) // max(fewest, 1)
    lines = (wrap(whole, narrow) for narrow in range(max(narrowest, 1), width + 1))
    return next((some for some in lines if len(some) <= fewest), [whole])


def _legend(ax: Any) -> int:
    """Put the legend right above the axes; return how many rows it has."""
    labels = ax.get_legend_handles_labels()[1]
    if not labels:
        return 0
    rows = -(-sum(6 + len(label) for label in labels) // _LEGEND_CHARACTERS)
    columns = -(-len(labels) // rows)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.02), ncols=columns)
    return -(-len(labels) // columns)


def _above(ax: Any, text: str, points: float, **style: Any) -> None:
    ax.annotate(
        text,
        (0, 1),
        (0, points),
        xycoords="axes fraction",
        textcoords="offset points",
        va="bottom",
        linespacing=1.15,
        annotation_clip=False,
        **style,
    )
