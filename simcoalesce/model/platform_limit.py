"""Platform limits: what a platform takes at most, whatever the model takes."""

from typing import NamedTuple


class PlatformLimit(NamedTuple):
    """What a platform takes at most of something.

    Attributes:
        per_s: Requests in a second.
        noun: What takes them, e.g. "durable object".
        is_of_a_key: Whether each key has one of its own.
        parameter: What sets the limit in the model.
    """

    per_s: int
    noun: str
    is_of_a_key: bool
    parameter: str
