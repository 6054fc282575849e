"""Which field of a log says what: by names that are known, and by what they hold.

What is not certain is not chosen: it is a question, with the candidates.
"""

from collections.abc import Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Any, Final

from simcoalesce.logs import sample_values as looks
from simcoalesce.logs.field_names import known_name
from simcoalesce.logs.named_samples import Choice, NamedSamples, Samples
from simcoalesce.logs.sample_values import mostly, present
from simcoalesce.logs.time_choice import choose_time

_SURE_RANKS: Final = 9
"""Names of what is asked for above this are used for other things as well."""
_TARGETS: Final = frozenset({"key", "url", "uri", "path", "request"})
_TESTS: Final[dict[str, looks.Test]] = {
    "method": looks.is_method,
    "host": looks.is_host,
    "status": looks.is_status,
    "cache": looks.is_cache,
    "origin_status": looks.is_status,
    "location": looks.is_name,
    "isolate": looks.is_name,
}


def choose(
    samples: Samples,
    said: Mapping[str, str] = MappingProxyType({}),
    *,
    counts_seconds: bool = False,
) -> Choice:
    """Return which field of a log says what.

    Args:
        samples: The fields that are texts or numbers, with what the first lines say.
        said: What is known of the fields; the rest is chosen.
        counts_seconds: Whether small numbers of times count seconds by a convention.
    """
    fields = NamedSamples(samples)
    choice = Choice(fields=dict(said), counts_seconds=counts_seconds)
    choose_time(fields, choice)
    chooser = _Chooser(fields, choice)
    if not _TARGETS & set(said):
        chooser.choose_target()
    for name in ("duration", "origin_duration"):
        chooser.choose_duration(name)
    for name in _TESTS:
        if name not in said:
            chooser.choose_by_name(name)
    return choice


class _Chooser:
    """The choice while it is made."""

    def __init__(self, fields: NamedSamples, choice: Choice) -> None:
        self.fields = fields
        self.samples = fields.samples
        self.known = fields.known
        self.choice = choice

    def take(self, field_name: str, name: str) -> None:
        """Read a field from this name."""
        self.choice.fields[field_name] = name

    def choose_target(self) -> None:
        """Choose what is asked for: a URL; path and query; or a name."""
        urls = [
            n
            for n in self.fields.called("url")
            if mostly(_may_be_target, self.samples[n])
        ]
        paths = [
            n
            for n in self.fields.called("path")
            if mostly(looks.is_url, self.samples[n])
        ]
        whole = [n for n in urls if any(map(_has_query, self.samples[n]))]
        lines = self.fields.fitting("request", looks.is_request_line)
        query = self.fields.fitting("query", looks.is_name)
        keys = self.fields.fitting("key", looks.is_name)
        if "key" in keys:
            self.take("key", "key")
        elif paths and query and not whole:
            self.take("path", paths[0])
            self.take("query", query[0])
        elif whole or urls or paths:
            self._take_url(whole or urls or paths)
        elif lines:
            self.take("request", lines[0])
        elif keys:
            self.take("key", keys[0])
        else:
            self._take_any_url()

    def _take_url(self, found: list[str]) -> None:
        best = found[0]
        sure = [name for name in found if self.known[name].rank < _SURE_RANKS]
        if not sure and len(found) > 1:
            self.choice.questions["url"] = found
            return
        self.take("url", best)

    def _take_any_url(self) -> None:
        """Take the only field that holds URLs, whatever its name."""
        holds = [n for n, v in self.samples.items() if mostly(_is_asked_for, v)]
        used = set(self.choice.fields.values())
        holds = [name for name in holds if name not in used]
        if len(holds) == 1:
            self.take("url", holds[0])
            self.choice.assume(f"{holds[0]} is what is asked for")
        else:
            texts = [n for n in self._texts() if n not in used]
            self.choice.questions["url"] = holds or texts

    def _texts(self) -> list[str]:
        names = [n for n in self.samples if n not in self.known]
        return [n for n in names if mostly(looks.is_name, self.samples[n])]

    def choose_duration(self, field_name: str) -> None:
        """Choose how long it took, if a name says so and its unit is known."""
        said = self.choice.fields.get(field_name)
        found = [said] if said else self.fields.fitting(field_name, _is_duration)
        timed = {name: self._unit(name) for name in found}
        known = {name: unit for name, unit in timed.items() if unit}
        if said and not known:
            self.choice.assume(f"{said} counts seconds")
        elif found and not known:
            self.choice.questions[field_name] = found
            names = " or ".join(found)
            self.choice.assume(
                f"{names} is not read: it does not say what its numbers count"
            )
        elif len(known) > 1 and self._differ(list(known)):
            self.choice.questions[field_name] = list(known)
            names = " or ".join(known)
            self.choice.assume(f"it is not certain whether {names} is the {field_name}")
        elif known:
            name, unit = next(iter(known.items()))
            self.take(field_name, name)
            self.choice.units[field_name] = unit

    def _unit(self, name: str) -> str:
        there = present(self.samples.get(name, ()))
        written = {looks.measured_unit(value) for value in there} - {""}
        known = known_name(name)
        return (known.unit if known else "") or ("text" if written else "")

    def _differ(self, names: list[str]) -> bool:
        return any(
            list(self.samples[one]) != list(self.samples[other])
            for one, other in combinations(names, 2)
        )

    def choose_by_name(self, field_name: str) -> None:
        """Choose the most usual name that holds what it says."""
        used = set(self.choice.fields.values())
        found = self.fields.fitting(field_name, _TESTS[field_name])
        if field_name == "host":
            # Some logs call the client's address so.
            found.sort(key=lambda name: mostly(looks.is_address, self.samples[name]))
        for name in found:
            if name not in used:
                self.take(field_name, name)
                return


def _may_be_target(value: Any) -> bool:
    return looks.is_name(value) and not looks.is_request_line(value)


def _is_asked_for(value: Any) -> bool:
    return looks.is_url(value) or looks.is_located(value)


def _has_query(value: Any) -> bool:
    return isinstance(value, str) and "?" in value


def _is_duration(value: Any) -> bool:
    return looks.is_number(value) or bool(looks.measured_unit(value))
