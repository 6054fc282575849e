"""Closed form: how many calls the settings predict, beside how many runs have."""

from simcoalesce.explain.closed_form.closed_form import ClosedForm, closed_form

__all__ = ["ClosedForm", "closed_form"]
