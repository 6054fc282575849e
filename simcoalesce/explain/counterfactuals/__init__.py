"""Counterfactuals: what each remedy does alone and together, and how far it must go."""

from simcoalesce.explain.counterfactuals.attribution import Attribution, attribution
from simcoalesce.explain.counterfactuals.change_set import ChangeSet, change_set
from simcoalesce.explain.counterfactuals.counterfactual import (
    SHOWN,
    Counterfactual,
    Skipped,
    counterfactuals,
)
from simcoalesce.explain.counterfactuals.goal import Goal, goal_of, needed_calls
from simcoalesce.explain.counterfactuals.remedy import Remedy, remedied, remedies
from simcoalesce.explain.counterfactuals.threshold import Threshold, thresholds

__all__ = [
    "SHOWN",
    "Attribution",
    "ChangeSet",
    "Counterfactual",
    "Goal",
    "Remedy",
    "Skipped",
    "Threshold",
    "attribution",
    "change_set",
    "counterfactuals",
    "goal_of",
    "needed_calls",
    "remedied",
    "remedies",
    "thresholds",
]
