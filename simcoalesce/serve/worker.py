"""The worker of a page: a process that answers its questions, one at a time.

It may be ended at any instant; it holds nothing that cannot be made again.
"""

import json
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from multiprocessing.connection import Connection
from typing import Any, Final

from simcoalesce.api import why
from simcoalesce.json_text import json_text
from simcoalesce.processes import start_as_child
from simcoalesce.report.blocks.explanation_report import explanation_report
from simcoalesce.report.blocks.request_trace import request_trace_text
from simcoalesce.serve.ask import Base, Question
from simcoalesce.serve.block_document import report_document
from simcoalesce.serve.page_document import page_document
from simcoalesce.serve.problems import problems_document
from simcoalesce.serve.state_change import changed_state
from simcoalesce.serve.what_if import ScenarioFile, WhatIf

_WIDTH: Final = 78
_NOTHING_REPORTED: Final = ("observations=[]", "shipped=[]", "claims=[]")

Job = Mapping[str, Any]


class Superseded(Exception):  # noqa: N818 - no error: a newer question has come
    """A newer question has come: nobody waits for the answer of this one."""


def work(connection: Connection, path: str) -> None:
    """Answer questions until the connection closes."""
    start_as_child()
    worker = PageWorker(connection, path)
    try:
        while True:
            worker.answer_next()
    except EOFError:
        return


class PageWorker:
    """Answers the questions of one page about one file."""

    def __init__(self, connection: Connection, path: str) -> None:
        """Begin without having read the file: a question does."""
        self._connection, self._path = connection, path
        self._waiting: deque[Job] = deque()
        self._file: ScenarioFile | None = None
        self._base: Base | None = None

    def answer_next(self) -> None:
        """Wait for a question, and answer it.

        Raises:
            EOFError: If there are no more.
        """
        if not self._waiting:
            self._waiting.append(json.loads(self._connection.recv_bytes()))
        job = self._waiting.popleft()
        tell = partial(self._tell, int(job["number"]))
        tell("started", {})
        try:
            self._answers()[job["what"]](job, tell)
        except Superseded:
            return
        except (ValueError, OSError) as error:
            tell("problem", problems_document(error, str(job["what"])))
        except MemoryError:
            message = "this needs more memory than there is: lower the rates"
            tell("problem", problems_document(ValueError(message), str(job["what"])))
        tell("finished", {})

    def _answers(self) -> Mapping[str, Callable[[Job, Any], None]]:
        return {"change": self._change, "why": self._why, "explain": self._explain}

    def _tell(self, number: int, event: str, told: Any) -> None:
        said = {**told, "number": number}
        text = f"{event}\n{number}\n{json_text(said)}"
        self._connection.send_bytes(text.encode())

    def _change(self, job: Job, tell: Any) -> None:
        file = self._read()
        asked, note = changed_state(file, WhatIf.of(job.get("state")), job.get("do"))
        scenario = file.chosen(asked)
        question = Question.of(scenario, self._based_on(file), str(job.get("view")))
        tell("charts", {**question.charts(), "state": asked.document()})
        tell("page", {**page_document(file, asked, scenario), "note": note})
        question.refine(tell, self._poll)

    def _why(self, job: Job, tell: Any) -> None:
        scenario = self._read().chosen(WhatIf.of(job.get("state")))
        found = why(scenario, str(job.get("request"))[:20])
        text = request_trace_text(found, scenario, width=_WIDTH)
        tell("why", {"text": text, "request": found.request})

    def _explain(self, job: Job, tell: Any) -> None:
        # It takes a while to import, and most pages never ask.
        from simcoalesce.explain.explanation import explain  # noqa: PLC0415

        def on_run(done: float, of: int | None = None) -> None:
            self._poll()
            tell("progress", {"what": "explain", "done": done, "of": of})

        asked = WhatIf.of(job.get("state"))
        scenario = self._read().chosen(asked)
        if asked != WhatIf():
            # What was reported, shipped and claimed is of the file, not of a what-if.
            scenario = scenario.with_overrides(*_NOTHING_REPORTED)
        found = explain(scenario, on_run=on_run, jobs=1)
        tell("explained", report_document(explanation_report(found)))

    def _poll(self) -> None:
        """Take note of what else is asked; a change ends what is under way."""
        while self._connection.poll():
            self._waiting.append(json.loads(self._connection.recv_bytes()))
        if any(job["what"] == "change" for job in self._waiting):
            while self._waiting[0]["what"] != "change":
                self._waiting.popleft()
            raise Superseded

    def _read(self) -> ScenarioFile:
        if self._file is None:
            self._file = ScenarioFile.read(self._path)
        return self._file

    def _based_on(self, file: ScenarioFile) -> Base:
        if self._base is None:
            self._base = Base(file.chosen(WhatIf()))
        return self._base
