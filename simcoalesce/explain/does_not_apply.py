"""Answers to a change that a scenario has nothing for."""


class DoesNotApply(ValueError):  # noqa: N818 - it is an answer, and no error
    """A change that a scenario has nothing for; the message says why."""


class NoSuchLayer(DoesNotApply):
    """A change to a layer that a path does not have."""
