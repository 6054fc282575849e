"""Reports: all that is said of one result, whatever form it takes."""

from collections.abc import Sequence
from dataclasses import dataclass

from simcoalesce.report.blocks.block import Block
from simcoalesce.scenario.scenario import Scenario


@dataclass(frozen=True)
class Report:
    """A title, a sentence for those who read no more, and blocks.

    Attributes:
        title: Of what it is.
        subtitle: The circumstances: the scenario, the seeds.
        headline: The most important sentence.
        blocks: All the rest, in the order in which it is read.
        subjects: What the pictures of the blocks are drawn of.
        command: What gives the same report; may be empty.
        made_of: The scenario that a page shows as a whole; None if it shows none.
    """

    title: str
    subtitle: str
    headline: str
    blocks: Sequence[Block]
    subjects: Sequence[object] = ()
    command: str = ""
    made_of: Scenario | None = None
