"""bounded_retries: a cache in which a reader retries so often while a key is written."""

from typing import Annotated, Literal

from pydantic import Field

from simcoalesce.model.layer import Layer
from simcoalesce.spec import default
from simcoalesce.units import Duration, PositiveDuration


class BoundedRetries(Layer):
    """A location's cache with Apache Traffic Server's read-while-writer."""

    kind: Literal["bounded_retries"] = "bounded_retries"
    ttl_ns: PositiveDuration = default("60s")
    """How long an answer is fresh."""
    retries: Annotated[int, Field(ge=0, le=1000)] = 10
    """How often a reader looks again (`read_while_writer.max_retries`)."""
    delay_ns: PositiveDuration = default("50ms")
    """Time between two looks; doubled from the third on."""
    write_retries: Annotated[int, Field(ge=0, le=1000)] = 1
    """How often it then asks again to write the key (`max_open_write_retries`)."""
    on_busy: Literal["origin", "error", "stale", "retry"] = "origin"
    """What follows while another writes the key (`open_write_fail_action`): a fetch
    that is not stored (0), a 502 (1), the expired answer (2), all looks again (5)."""
    whole_seconds: bool = True
    """Whether the clock counts whole seconds, so that ttl grows by up to one."""
    clock_offset_ns: Duration = default("0ms")
    """How far t = 0 is from the last whole second of the wall clock."""
