"""Which field of a log is the time of a request, and whether its start or its end."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from simcoalesce.logs import sample_values as looks
from simcoalesce.logs.field_names import known_name
from simcoalesce.logs.instants import TimeReader
from simcoalesce.logs.named_samples import Choice, NamedSamples
from simcoalesce.logs.sample_values import mostly, present

_TIMES: Final = ("start", "time", "end")
_COARSEST_S: Final = 86_400.0
_UNKNOWN_RANK: Final = 99
_CLOCK: Final = TimeReader()
_NGINX: Final = frozenset(
    {
        *("msec", "time_local", "time_iso8601", "rt"),
        *("upstream_response_time", "upstream_cache_status", "urt", "uht", "uct"),
    }
)
NGINX_STAMPS: Final = "nginx wrote it: its stamps are the ends of requests"


def is_of_nginx(names: Iterable[str]) -> bool:
    """Whether fields are called as nginx calls its variables, or for short.

    Its ``log_format`` has stamps of the end alone: a line is written when the answer
    has been sent.
    """
    return not _NGINX.isdisjoint(name.rpartition(".")[2].lower() for name in names)


def choose_time(fields: NamedSamples, choice: Choice) -> None:
    """Choose the instant: a start before an end, a finer stamp before a coarser.

    Two fields that write one instant, one of them more coarsely, are no contradiction.
    """
    _TimeChooser(fields, choice).choose()


class _TimeChooser:
    def __init__(self, fields: NamedSamples, choice: Choice) -> None:
        self.fields = fields
        self.samples = fields.samples
        self.known = fields.known
        self.choice = choice

    def choose(self) -> None:
        """Choose the instant: a start before an end, a finer stamp before a coarser."""
        said = self.choice.fields.get("time")
        if said is not None:
            self._take_said(said)
            return
        if self._date_and_time() or self._run_clock(_TIMES):
            return
        dated = [n for n, v in self.samples.items() if mostly(looks.is_instant, v)]
        for kind in _TIMES:
            found = [name for name in self.fields.called(kind) if name in dated]
            if found:
                self._take_time(found, kind)
                return
        # A number without a known name may be an identifier; a date is a date.
        dates = [n for n in dated if mostly(looks.is_date, self.samples[n])]
        if dates:
            self._take_time(dates, "time")
        elif not dated and (seconds := self._seconds()):
            self._take("time", seconds[0])
            self.choice.assume(f"{seconds[0]} counts seconds")
        elif not dated and (named := self._texts()):
            # Whatever is wrong with it is then told line by line.
            self._take("time", named[0])
        else:
            self.choice.questions["time"] = dated or self._numbers()

    def _date_and_time(self) -> bool:
        by_words = {one.lower(): one for one in self.samples}
        date, time = by_words.get("date"), by_words.get("time")
        if date is None or time is None:
            return False
        days = mostly(looks.is_day, self.samples[date])
        if not (days and mostly(looks.is_clock, self.samples[time])):
            return False
        self._take("time", f"{{{date}}} {{{time}}}")
        return True

    def _take_said(self, name: str) -> None:
        """Tell of a time that is known what its name says."""
        known = known_name(name)
        kind = known.field if known and known.field in _TIMES else "time"
        unit = known.unit if known and name in self.samples else ""
        if not self._run_clock_of(name, kind, unit):
            self._tell(name, kind)

    def _run_clock(self, kinds: Sequence[str]) -> bool:
        """Choose times that count from the start of a run, such as ``t_ms``."""
        return any(
            self._run_clock_of(name, kind, self.known[name].unit)
            for kind in kinds
            for name in self.fields.called(kind)
        )

    def _run_clock_of(self, name: str, kind: str, unit: str) -> bool:
        if not unit or self._is_clock_time(name, unit):
            return False
        self._take("time", name)
        self.choice.units["time"] = unit
        self.choice.is_wall_clock = False
        self.choice.time_is = "" if kind == "time" else kind
        return True

    def _is_clock_time(self, name: str, unit: str) -> bool:
        """Whether a field holds dates, or numbers of its unit since 1970."""
        values = present(self.samples[name])
        return any(
            looks.is_date(one) or looks.epoch_unit(one) == unit for one in values
        )

    def _seconds(self) -> list[str]:
        """Return times without a unit: cache traces write seconds, beside an object."""
        is_trace = bool(set(self.fields.called("key")) - {"key"})
        found = self.fields.fitting("time", looks.is_number)
        return found if is_trace or self.choice.counts_seconds else []

    def _texts(self) -> list[str]:
        """Return times that hold something else than numbers, or nothing."""
        names = self.fields.called(*_TIMES)
        return [n for n in names if not mostly(looks.is_number, self.samples[n])]

    def _numbers(self) -> list[str]:
        return [n for n, v in self.samples.items() if mostly(looks.is_number, v)]

    def _take_time(self, found: list[str], kind: str) -> None:
        finest = min(found, key=self._resolution_s)
        rivals = [n for n in found if n != finest and not self._agree(n, finest)]
        ranks = {
            self.known[n].rank if n in self.known else _UNKNOWN_RANK for n in found
        }
        if rivals and len(ranks) < len(found):
            self.choice.questions["time"] = found
            return
        if rivals:
            finest = found[0]
            others = ", ".join(rivals)
            self.choice.assume(f"{finest} is the time of the request, not {others}")
        self._tell(finest, kind)

    def _tell(self, name: str, kind: str) -> None:
        self._take("time", name)
        if kind != "time":
            self.choice.time_is = kind
        elif is_of_nginx(self.samples):
            self.choice.time_is = "end"
            self.choice.assume(NGINX_STAMPS)

    def _resolution_s(self, name: str) -> float:
        there = present(self.samples[name])
        return min(map(looks.resolution_s, there), default=_COARSEST_S)

    def _agree(self, one: str, other: str) -> bool:
        """Whether two fields write the same instants, one more coarsely."""
        coarse = max(self._resolution_s(one), self._resolution_s(other))
        pairs = zip(self.samples[one], self.samples[other], strict=False)
        instants = [(_instant_s(a), _instant_s(b)) for a, b in pairs]
        return all(a is None or b is None or abs(a - b) <= coarse for a, b in instants)

    def _take(self, field_name: str, name: str) -> None:
        self.choice.fields[field_name] = name


def _instant_s(value: Any) -> float | None:
    try:
        return _CLOCK.instant_ns(value) / 1e9
    except ValueError:
        return None
