"""Delays: fixed, or a quantile of the latencies that were seen, in bounded memory."""

from bisect import bisect_left, insort
from collections import deque
from math import ceil
from typing import Annotated, Any, Final

from pydantic import (
    BeforeValidator,
    Discriminator,
    PlainSerializer,
    Tag,
    WithJsonSchema,
    model_validator,
)

from simcoalesce.as_written import as_written
from simcoalesce.distribution import Constant
from simcoalesce.spec import Spec
from simcoalesce.units import Duration, PositiveCount, format_ratio, parse_ratio


def _parse_quantile(value: object) -> float:
    text = str(value).strip()
    wrong = f"{as_written(value)} is no quantile; write e.g. p95"
    try:
        ratio = parse_ratio(f"{text[1:]}%" if text[:1] == "p" else value)
    except ValueError:
        raise ValueError(wrong) from None
    if not 0 < ratio < 1:
        raise ValueError(wrong)
    return ratio


Quantile = Annotated[
    float,
    BeforeValidator(_parse_quantile),
    PlainSerializer(lambda one: f"p{format_ratio(one)[:-1]}", return_type=str),
    WithJsonSchema({"type": "string", "examples": ["p95"]}),
]
"""A share of the latencies that lie below a value, written ``p95``."""


class SeenQuantile(Spec):
    """A quantile of the last latencies, and a fixed delay until enough are seen."""

    quantile: Quantile
    """Which one, e.g. p95."""
    at_first_ns: Duration
    """The delay until enough latencies are seen."""
    enough: PositiveCount = 100
    """How many latencies are enough."""
    of_last: PositiveCount = 1_000
    """How many latencies are kept; the oldest is forgotten."""

    @model_validator(mode="after")
    def _keeps_enough(self) -> "SeenQuantile":
        if self.of_last < self.enough:
            raise ValueError(
                f"of_last is below enough ({self.enough}): the quantile would never be"
                f" used; write of_last: {self.enough} or more"
            )
        return self


_FORMS: Final = {"value": "fixed", "quantile": "seen"}


def _form_of(value: Any) -> str | None:
    keys = value if isinstance(value, dict) else type(value).model_fields
    return next(
        (form for key, form in _FORMS.items() if {key, f"{key}_ns"} & {*keys}), None
    )


def _mapping(value: Any) -> Any:
    return value if isinstance(value, (dict, Spec)) else {"value": value}


Delay = Annotated[
    Annotated[Constant, Tag("fixed")] | Annotated[SeenQuantile, Tag("seen")],
    Discriminator(
        _form_of,
        custom_error_type="delay",
        custom_error_message=(
            "not a delay; write 80ms, or {quantile: p95, at_first: 80ms}"
        ),
    ),
    BeforeValidator(_mapping),
]
"""A duration such as ``80ms``, or a quantile of the latencies seen."""


class SeenLatencies:
    """The delay in one run: what was seen last, in order of time and of size."""

    __slots__ = ("_after", "_last_ns", "_sorted_ns")

    def __init__(self, delay: Constant | SeenQuantile) -> None:
        """Begin with nothing seen."""
        self._after = delay
        self._last_ns: deque[int] = deque()
        self._sorted_ns: list[int] = []

    def see(self, latency_ns: int) -> None:
        """Note a latency, in nanoseconds."""
        if isinstance(self._after, Constant):
            return
        self._last_ns.append(latency_ns)
        insort(self._sorted_ns, latency_ns)
        if len(self._last_ns) > self._after.of_last:
            oldest_ns = self._last_ns.popleft()
            del self._sorted_ns[bisect_left(self._sorted_ns, oldest_ns)]

    @property
    def delay_ns(self) -> int:
        """The delay now: the least latency seen that is not below the quantile."""
        if isinstance(self._after, Constant):
            return self._after.value_ns
        seen = len(self._sorted_ns)
        if seen < self._after.enough:
            return self._after.at_first_ns
        # Rounded, since 0.07 * 100 is a bit more than 7.
        return self._sorted_ns[ceil(round(self._after.quantile * seen, 9)) - 1]
