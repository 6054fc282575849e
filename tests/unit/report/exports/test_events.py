"""Events: one line of JSON each."""

import json

from simcoalesce.outcomes import Outcomes
from simcoalesce.report.exports.events import events_text


def test_events_are_in_order_of_time(outcomes: Outcomes) -> None:
    """Two for each request, two for each call, never backwards."""
    events = [json.loads(line) for line in events_text(outcomes).splitlines()]
    instants = [event["at_s"] for event in events]
    calls = len(outcomes.origin_rows.request)

    assert len(events) == 2 * 60 + 2 * calls
    assert instants == sorted(instants)
