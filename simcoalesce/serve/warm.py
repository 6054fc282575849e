"""Warm: what workers need is imported, and the compiled engine loaded, once for all.

The process from which workers are forked imports this module before the first of them
starts, so that a new one answers within milliseconds.
"""

from contextlib import suppress

from simcoalesce.scenario.shipped import shipped
from simcoalesce.serve import worker
from simcoalesce.serve.ask import Base, Question
from simcoalesce.serve.page_document import page_document
from simcoalesce.serve.what_if import ScenarioFile, WhatIf

__all__ = ["worker"]


def warm() -> None:
    """Answer a small question, so that the next one finds everything loaded."""
    file = ScenarioFile.read(shipped("flash-sale-9pm"))
    base = Base(file.chosen(WhatIf()))
    asked = WhatIf(None, ("kv.write_latency=20ms",))
    scenario = file.chosen(asked)
    question = Question.of(scenario, base, "")
    question.charts()
    question.refine(lambda _event, _told: None, lambda: None)
    page_document(file, asked, scenario)
    with suppress(ValueError):
        file.chosen(WhatIf(None, ("kv.write_latency=80",)))


warm()
