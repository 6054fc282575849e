"""Timeline: what happened in one run, to all requests and to a single one."""

from simcoalesce.explain.timeline.timeline import Event, timeline

__all__ = ["Event", "timeline"]
