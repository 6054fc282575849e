"""Hypotheses about an incident, and the contradictions in its report."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contradiction:
    """An observation that is false if all others are taken as they stand.

    Attributes:
        text: The observation.
        against: Each other observation without which it would be true.
    """

    text: str
    against: tuple[str, ...]


@dataclass(frozen=True)
class Adjustment:
    """A change of one parameter.

    Attributes:
        parameter: Its kind.
        setting: Its new value: a factor, a number or a share.
        text: The change in words, as a clause.
    """

    parameter: str
    setting: float
    text: str


@dataclass(frozen=True)
class Hypothesis:
    """What may have happened instead of what was reported.

    Attributes:
        adjustments: How it differs from the report.
        deviation: How far it is from the report; see ``Candidates``.
        unexplained: The observations that are false nevertheless.
    """

    adjustments: tuple[Adjustment, ...]
    deviation: float
    unexplained: tuple[str, ...]


@dataclass(frozen=True)
class Consistency:
    """Whether all of a report can be true at once.

    Attributes:
        unexplained: The observations that are false if all others are taken as true.
        contradictions: What each of them contradicts.
        hypotheses: Those that explain all observations, the smallest deviation first;
            if there is none, the one with the smallest discrepancy.
    """

    unexplained: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    hypotheses: tuple[Hypothesis, ...]
