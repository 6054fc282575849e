"""Traffic: who comes when, and asks for what; the same whatever the path."""

from simcoalesce.traffic.traffic import GeneratedTraffic, Traffic

__all__ = ["GeneratedTraffic", "Traffic"]
