"""Traffic: who comes when, and asks for what; the same whatever the path."""

from simcoalesce.traffic.generated_traffic import GeneratedTraffic
from simcoalesce.traffic.traffic import Traffic

__all__ = ["GeneratedTraffic", "Traffic"]
