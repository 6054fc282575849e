"""The one style of all pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import matplotlib as mpl

from simcoalesce.report.drawing.paint import AXIS, FAINT, GRID, INK

_STYLE: Final[Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": AXIS,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.sans-serif": ["DejaVu Sans"],
    "grid.color": GRID,
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
    "svg.fonttype": "none",
    "svg.hashsalt": "simcoalesce",
    "text.color": INK,
    "text.parse_math": False,  # a name may have dollars
    "xtick.color": FAINT,
    "xtick.labelsize": 9,
    "ytick.color": FAINT,
    "ytick.labelsize": 9,
}


@contextmanager
def chart_style() -> Iterator[None]:
    """Draw what is drawn meanwhile in the one style, whatever the reader's defaults."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield
