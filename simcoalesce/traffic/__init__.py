"""Traffic: who comes when, and asks for what; the same whatever the path."""

from simcoalesce.traffic.traffic import Crowd, Traffic

__all__ = ["Crowd", "Traffic"]
