"""What visitors of pages got, of whom each makes several requests."""

from simcoalesce.metrics.tally import Tally


def pages(tally: Tally) -> int | None:
    """Return how many pages were asked for; None if nobody asks for pages."""
    return tally.pages.latencies.count if tally.pages.is_asked else None


def pages_failed(tally: Tally) -> int | None:
    """Return how many pages have an error among their answers."""
    return tally.pages.failed if tally.pages.is_asked else None
