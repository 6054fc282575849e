"""Effects: what a change does to the same clients, in paired 95 % intervals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, isfinite, log
from typing import Final, Literal

from simcoalesce.conditions.estimate import Estimate, estimate
from simcoalesce.conditions.over_runs import MEAN
from simcoalesce.conditions.statement import Statement
from simcoalesce.experiment.answered import same_are_answered
from simcoalesce.experiment.difference import Column, paired, paired_change
from simcoalesce.experiment.metric_values import MetricValues

MARGIN_RATIO: Final = 0.02
"""A change by at most this share of the incident's value is no effect."""
SLOW_RATIO: Final = 5.0
"""A remedy that makes the slowest requests wait so many times as long is worse."""
PATIENCE_S: Final = 10.0
"""So long users keep their attention on an answer (J. Nielsen, "Response Times: The 3
Important Limits", 1993): a longer wait is worse than a refusal."""
_INSTANT_S: Final = 0.1
"""So soon an answer seems to come at once (there too): no wait below it is long."""
_LONGER_RATIO: Final = 1.5
"""Waits that are so many times as long, or as short, are an effect."""
_WORTH_RATIO: Final = 0.5
"""Half of the errors are worth half of the calls more."""
_OF_THE_SLOWEST_RATIO: Final = 0.001
"""A tenth of those above the 99th percentile."""
_CARRIED_RATIO: Final = 0.1
"""So many calls the origin serves more for each request that gets no error any more, if
it is the origin that carries them."""

Shift = Literal["up", "down", "same", "unknown"]


def shift_of(change: Estimate, base: float) -> Shift:
    """Return in which direction a number moves, by the interval of its change.

    It is the same within 2 % of what it was; or else up or down, if that is certain.
    """
    if change.low is None or change.high is None:
        return "unknown"
    margin = MARGIN_RATIO * abs(base)
    if -margin <= change.low and change.high <= margin:
        return "same"
    return "up" if change.low > 0 else "down" if change.high < 0 else "unknown"


def shift(name: str, before: MetricValues, after: MetricValues) -> Shift:
    """Return in which direction a metric moves, by the paired 95 % interval."""
    return shift_of(
        paired(name, before, after).change, before.estimate(name).mean or 0.0
    )


@dataclass(frozen=True)
class Effect:
    """What a change did to the same clients, seed by seed.

    In a closed loop there are more requests where answers come sooner: calls and errors
    are then of as many requests as before.

    Attributes:
        before: The incident.
        after: The incident with the change.
        is_closed: Whether when requests come depends on the answers.
    """

    before: MetricValues
    after: MetricValues
    is_closed: bool = False

    @cached_property
    def errors(self) -> Shift:
        """Where the number of errors moves."""
        return self._shift("errors")

    @cached_property
    def calls(self) -> Shift:
        """Where the number of origin calls moves."""
        return self._shift("origin_hits")

    @cached_property
    def calls_beyond_answers(self) -> Shift:
        """Where the calls move, less one for each error that they spare."""
        change = self._changes("origin_hits")
        if self.errors == "down":
            errors = self._changes("errors")
            change = [
                None if a is None or b is None else a + min(b, 0.0)
                for a, b in zip(change, errors, strict=True)
            ]
        return shift_of(estimate(change, unit="1"), self._base("origin_hits"))

    @cached_property
    def is_worth_its_calls(self) -> bool:
        """Whether it ends half of the errors, for half as many calls more at most.

        The origin must refuse no more calls for that.
        """
        errors, calls = (
            estimate(self._changes(name), unit="1").mean or 0.0
            for name in ("errors", "origin_hits")
        )
        is_most = -errors >= _WORTH_RATIO * self._base("errors")
        is_few = calls <= _WORTH_RATIO * self._base("origin_hits")
        is_refused = self._shift("origin_rejected") == "up"
        return self.errors == "down" and is_most and is_few and not is_refused

    @cached_property
    def may_fail_more(self) -> bool:
        """Whether there are more errors on average, beyond the margin."""
        mean = estimate(self._changes("errors"), unit="1").mean or 0.0
        return mean > MARGIN_RATIO * self._base("errors")

    @cached_property
    def loses_requests(self) -> bool:
        """Whether fewer requests come, or fewer are answered."""
        requests = self.before.values["requests"], self.after.values["requests"]
        is_fewer = any((b or 0.0) < (a or 0.0) for a, b in zip(*requests, strict=True))
        if is_fewer and not self.is_closed:
            return True
        answered = _answered(self.before), _answered(self.after)
        base = estimate(answered[0], unit="1").mean or 0.0
        return shift_of(paired_change(*answered, unit="1"), base) == "down"

    @cached_property
    def longer_by(self) -> tuple[float, float, float] | None:
        """How many times as long the slowest wait: the interval's ends and the mean.

        It is the geometric mean over the seeds. Before, the wait for an error counts
        too: the same request may be answered now. None if nobody was answered.
        """
        return _times(_latencies_s(self.before, self.after))

    @cached_property
    def is_much_shorter(self) -> bool:
        """Whether the slowest wait for much less time, those for an error too.

        After the change the wait for an error counts: the same request may have been
        answered before.
        """
        back = _times(_latencies_s(self.after, self.before))
        return back is not None and back[0] > _LONGER_RATIO

    @cached_property
    def is_much_longer(self) -> bool:
        """Whether the slowest wait several times as long."""
        if self.longer_by is None or not self._is_long(self.after):
            return False
        low, mean, _ = self.longer_by
        return mean > SLOW_RATIO and low > _LONGER_RATIO

    @cached_property
    def is_slow(self) -> bool:
        """Whether that is of the same requests, or they wait longer than anybody."""
        return self.is_much_longer and (self._same_answered or self._is_beyond_patience)

    @cached_property
    def waits(self) -> Shift:
        """Where the longest waits of the same requests move, if it can be felt."""
        if self.longer_by is None or not self._same_answered:
            return "unknown"
        low, _, _ = self.longer_by
        if low > _LONGER_RATIO and self._is_long(self.after):
            return "up"
        if self.is_much_shorter and self._is_long(self.before):
            return "down"
        return "same"

    def is_carried(self, needed: int, *, has_queue: bool) -> bool:
        """Say whether errors end as the origin serves what was refused before.

        Args:
            needed: Calls that no sharing of fetches could spare: to serve these is no
                burden.
            has_queue: Whether a layer in front of the origin may refuse requests too.
        """
        if self.errors != "down" or self._shift("origin_accepted") != "up":
            return False
        if (self.after.estimate("origin_hits").mean or 0.0) <= needed:
            return False
        spared = -(estimate(self._changes("errors"), unit="1").mean or 0.0)
        served = estimate(self._changes("origin_accepted"), unit="1").mean or 0.0
        if self._shift("origin_rejected") == "down":
            return served >= _CARRIED_RATIO * spared
        # What a queue in front of it refused is no call, and neither has failed.
        return has_queue and served >= spared / 2 and not self._base("origin_failed")

    def towards(self, statement: Statement) -> Shift:
        """Return where it moves how much a statement is missed by."""
        if statement.subject.summary != MEAN:
            return "unknown"
        missed = [_missed_by(statement, one) for one in (self.before, self.after)]
        base = estimate(missed[0], unit="1").mean or 0.0
        return shift_of(paired_change(*missed, unit="1"), base)

    def _shift(self, name: str) -> Shift:
        return shift_of(estimate(self._changes(name), unit="1"), self._base(name))

    def _base(self, name: str) -> float:
        return self.before.estimate(name).mean or 0.0

    def _changes(self, name: str) -> list[float | None]:
        columns = (
            self.before.values[name],
            self.after.values[name],
            self.before.values["requests"],
            self.after.values["requests"],
        )
        return [
            None if a is None or b is None else b * _per_request(before, after) - a
            for a, b, before, after in zip(*columns, strict=True)
        ]

    @cached_property
    def _same_answered(self) -> bool:
        """Whether the slowest of those who are answered are the same requests.

        Few who got an error before may be all that wait for longest now.
        """
        if not same_are_answered(self.before, self.after):
            return False
        spared = -(estimate(self._changes("errors"), unit="1").mean or 0.0)
        return spared <= _OF_THE_SLOWEST_RATIO * self._base("requests")

    @property
    def _is_beyond_patience(self) -> bool:
        waits_s = self.after.values["latency_all_p99_s"]
        return all((one or 0.0) > PATIENCE_S for one in waits_s)

    @staticmethod
    def _is_long(measured: MetricValues) -> bool:
        slowest = measured.values[_slowest(measured)]
        return any((one or 0.0) > _INSTANT_S for one in slowest)


def _times(pairs: Iterator[tuple[float, float]]) -> tuple[float, float, float] | None:
    """Return the geometric mean of how many times as long, and its interval's ends."""
    known = estimate([log(b / a) for a, b in pairs], unit="1")
    if known.mean is None:
        return None
    low, high = (known.mean if end is None else end for end in (known.low, known.high))
    return exp(low), exp(known.mean), exp(high)


def _per_request(before: float | None, after: float | None) -> float:
    return before / after if before and after else 1.0


def _answered(measured: MetricValues) -> Column:
    columns = measured.values["requests"], measured.values["errors"]
    return [(a or 0.0) - (b or 0.0) for a, b in zip(*columns, strict=True)]


def _slowest(*measured: MetricValues) -> str:
    """Return the 99th percentile, or the longest latency where there are too few."""
    name = "latency_p99_s"
    is_known = all(None not in one.values[name] for one in measured)
    return name if is_known else "latency_max_s"


def _latencies_s(
    before: MetricValues, after: MetricValues
) -> Iterator[tuple[float, float]]:
    """Yield how long the slowest wait under each seed, before and after the change."""
    name = _slowest(before, after)
    failed = name.replace("latency_", "latency_error_")
    columns = before.values[name], before.values[failed], after.values[name]
    for a, error, b in zip(*columns, strict=True):
        if a is not None and b is not None and max(a, error or 0.0) > 0 < b:
            yield max(a, error or 0.0), b


def _missed_by(statement: Statement, measured: MetricValues) -> Sequence[float | None]:
    """Return by how much each run misses a statement; 0 if it does not."""
    values = statement.subject.values(
        lambda one: measured.column(one.name), measured.replications
    )
    return [None if one is None else _distance(statement, one) for one in values]


def _distance(statement: Statement, value: float) -> float | None:
    if statement.truth(value, value) == "holds":
        return 0.0
    distance = abs(value - statement.limit)
    return distance if isfinite(distance) else None
