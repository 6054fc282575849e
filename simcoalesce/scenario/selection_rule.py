"""Selection rules: of which parts of the requests metrics can be asked for."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from simcoalesce.conditions.selection import index_of, is_selected, selection_of
from simcoalesce.scenario.input_file import input_files
from simcoalesce.scenario.scenario_spec import ScenarioSpec
from simcoalesce.yaml.node import Step


class SelectionFault(NamedTuple):
    """What a condition names and the scenario does not have, and where it stands."""

    loc: tuple[Step, ...]
    message: str


def check_selected(names: Iterable[str], spec: ScenarioSpec) -> None:
    """Refuse metrics of parts of the requests that a scenario cannot have.

    A log may name keys and locations of its own: with one, only times are checked
    before the log is read.

    Args:
        names: The metrics, those of all requests too.
        spec: The scenario.

    Raises:
        ValueError: If there is no such key, location or time; what there is instead.
    """
    has_log = any(input_files(spec.traffic))
    for name in filter(is_selected, names):
        key, location, time = selection_of(name)
        try:
            if not has_log and key is not None:
                index_of(key, "key", spec.traffic.key_names())
            if not has_log:
                index_of(location, "location", tuple(spec.traffic.locations))
            if time is not None:
                time.within_ns(spec.duration_ns, spec.starts_at)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None


def expectation_faults(spec: ScenarioSpec) -> Iterator[SelectionFault]:
    """Yield what a scenario expects something of and does not have."""
    for number, one in enumerate(spec.expect):
        yield from _faults(("expect", number, "that"), one.that.names, spec)


def report_faults(
    spec: ScenarioSpec, variants: Mapping[str, ScenarioSpec]
) -> Iterator[SelectionFault]:
    """Yield what the observations and claims of an incident name and there is not.

    Args:
        spec: The incident.
        variants: Its variants by name; what is of a remedy is as in the incident.
    """
    for number, one in enumerate(spec.observations):
        names = one.that.names if one.that else ()
        yield from _faults(("observations", number, "that"), names, spec)
    for number, claim in enumerate(spec.claims):
        for circumstance, said in claim.circumstances.items():
            loc = ("claims", number, "holds_if", circumstance)
            for name, of in said.references:
                yield from _faults(loc, [name], variants.get(of or "", spec))


def _faults(
    loc: tuple[Step, ...], names: Iterable[str], spec: ScenarioSpec
) -> Iterator[SelectionFault]:
    try:
        check_selected(names, spec)
    except ValueError as error:
        yield SelectionFault(loc, str(error))
