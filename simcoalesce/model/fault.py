"""How an origin fails."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from simcoalesce.distribution import Latency
from simcoalesce.randomness import Stream
from simcoalesce.spec import Spec, default
from simcoalesce.units import Ratio, format_duration


def _usual_status(fields: dict[str, Any]) -> int:
    """Return the status of a fault that names none, from its other fields."""
    is_slow = fields.get("slower", 1.0) != 1.0
    is_good = is_slow or not fields.get("cacheable", True)
    return 200 if is_good and fields.get("takes") is None else 500


def key_number(keys: Sequence[str], name: str, field: str) -> int:
    """Return the number of a key that a field names.

    Raises:
        ValueError: If the traffic has no key of that name.
    """
    if name not in keys:
        raise ValueError(
            f'{field}: no key is named "{name}"; the traffic has:'
            f" {', '.join(keys[:10])}"
        )
    return keys.index(name)


class Fault(Spec):
    """Some of the calls that the origin admits are answered badly, or late.

    The first fault in the list that strikes a call decides its status; every one
    that strikes slows it down. A fault of some keys sees and counts no other calls.
    """

    family: ClassVar[str] = "simcoalesce.model.faults"

    kind: str
    takes: Latency | None = None
    """Time to the bad answer, e.g. 30s for a time-out; the usual latency if absent."""
    slower: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0
    """Factor on the latency."""
    cacheable: bool = True
    """Whether the answer may be stored, if the origin's answers may."""
    keys: tuple[str, ...] = ()
    """The only keys whose calls it strikes, by name; all if empty."""
    share_of_keys_ratio: Ratio = default("100%")
    """Share of the keys whose calls it strikes: each key by a draw of its own, which
    is the same in all runs with a seed."""
    status: Annotated[int, Field(ge=200, le=599, default_factory=_usual_status)]
    """Status of the answer; if absent 500, or 200 if all that is said of the answer is
    `slower` or `cacheable: false`."""

    @model_validator(mode="after")
    def _is_narrowed_once(self) -> Self:
        if self.keys and self.share_of_keys_ratio < 1:
            raise ValueError("keys and share_of_keys exclude each other; write one")
        return self

    @property
    def counts_each_key(self) -> bool:
        """Whether it counts the calls of each key by themselves."""
        return False

    @property
    def says_which(self) -> str:
        """Which calls it strikes, in words."""
        return "calls"

    @property
    def says(self) -> str:
        """What it does, in words: which calls, of which keys, and what of them."""
        of = ""
        if self.keys:
            of = f" of {', '.join(self.keys)}"
        elif self.share_of_keys_ratio < 1:
            of = f" of {100 * self.share_of_keys_ratio:.3g} % of the keys"
        does = [str(self.status)] if self.status >= 400 else []
        if self.takes is not None:
            does.append(f"after {format_duration(round(self.takes.expected_ns))}")
        if self.slower != 1:
            does.append(f"{self.slower:g} times the latency")
        if not self.cacheable:
            does.append("not to be stored")
        comma = "," if len(does) > 1 else ""
        what = ", ".join(does) or "nothing"
        return f"{what}{comma} for {self.says_which}{of}"

    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        """Whether the fault strikes a call.

        Args:
            call: How many calls that it counts the origin admitted before.
            at_ns: When it is made.
            uniform: The call's own draw in [0, 1).
        """
        raise NotImplementedError

    def stream(self, seed: int, index: int) -> Stream:
        """Return the draws of the fault with an index in the list."""
        return Stream(seed, f"origin.faults[{index}]")

    def concerned(
        self, keys: Sequence[str], seed: int, index: int
    ) -> NDArray[np.bool_] | None:
        """Return whether each key's calls concern it, shape (keys,); None if all do.

        Raises:
            ValueError: If the traffic has no key of a name.
        """
        if self.keys:
            field = f"origin.faults[{index}].keys"
            concerned = np.zeros(len(keys), dtype=np.bool_)
            concerned[[key_number(keys, name, field) for name in self.keys]] = True
            return concerned
        if self.share_of_keys_ratio < 1:
            stream = Stream(seed, f"origin.faults[{index}].share_of_keys")
            return stream.uniforms(np.arange(len(keys))) < self.share_of_keys_ratio
        return None
