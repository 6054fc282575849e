"""Events: one line of JSON each."""

import json

from simcoalesce.experiment.result import Result
from simcoalesce.report.exports.events import Events


def test_events_are_in_order_of_time(result: Result) -> None:
    """Two for each request, two for each call, never backwards."""
    events = [json.loads(line) for line in Events().text(result).splitlines()]
    instants = [event["at_s"] for event in events]
    calls = len(result.outcomes.origin_rows.request)

    assert len(events) == 2 * 60 + 2 * calls
    assert instants == sorted(instants)
