"""One run: the way from a scenario to its outcomes, or to the counts of them.

Both engines give the same bytes, so the choice changes only the time it takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from simcoalesce.compiled.shard_tally import ShardTally
from simcoalesce.compiled.shards import why_whole
from simcoalesce.confinement import within_confinement
from simcoalesce.experiment.engine_choice import (
    FULL_CHUNK,
    Engine,
    compiled_api,
    cores_to_spare,
    first_counted,
    is_compiled,
)
from simcoalesce.experiment.selected_tallies import (
    SelectedTallies,
    has_parts,
    tally_of,
)
from simcoalesce.experiment.size import expected_requests
from simcoalesce.metrics.measured_span import MeasuredSpan
from simcoalesce.metrics.tally import Tally
from simcoalesce.model import edge
from simcoalesce.model.change import Agenda
from simcoalesce.model.rate_limit import window_of
from simcoalesce.model.trace import SpanTrace
from simcoalesce.outcomes import OriginRows, Outcomes, RequestRows
from simcoalesce.request import Requests
from simcoalesce.scenario.drawn import drawn
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import GeneratedTraffic
from simcoalesce.units import format_duration

_MOST_ROWS: Final = 2_000_000
"""Of longer runs not all rows are kept."""


@within_confinement
def run(  # noqa: PLR0913 - one argument for each thing it needs
    scenario: Scenario,
    *,
    seed: int | None = None,
    engine: Engine | None = None,
    repeats: int = 1,
    most: int | None = None,
    trace: SpanTrace | None = None,
    is_noted: bool = False,
) -> Outcomes:
    """Simulate a scenario once, and keep a row of each request.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.
        engine: Which engine; the scenario's own choice if absent. It changes no byte.
        repeats: How many such runs are to come: a hint on what is worth compiling.
        most: How many requests at most are to arrive; all if absent. What happens to
            the first ones does not depend on those who come later.
        trace: What follows one of the requests, if the engine is that of SimPy.
        is_noted: Whether that engine notes when events of layers happen.

    Returns:
        The three tables of the run. The same scenario and seed give the same bytes.

    Raises:
        ValueError: If a file that the scenario names is wrong, or the compiled engine
            is demanded and cannot do it.

    Example:
        >>> sale = Scenario.parse('''
        ... version: 1
        ... traffic: {arrivals: [{kind: burst, requests: 100, within: 400ms}]}
        ... origin: {latency: 120ms}
        ... path: [kv.read, kv.write, origin]
        ... ''')
        >>> len(run(sale, seed=7).requests)
        100
    """
    seed = scenario.seed if seed is None else seed
    scenario = drawn(scenario, seed)
    traffic = _traffic(scenario, seed)
    has_parts(scenario, traffic.keys, traffic.locations)
    traffic, requests = first_counted(_first(traffic, most))
    simulate = _simpy(scenario, traffic, trace=trace, is_noted=is_noted)
    if is_compiled(scenario, traffic, engine or scenario.engine, repeats * requests):
        simulate = _with_agenda(compiled_api().simulate_compiled, scenario, traffic)
    names = _names(traffic, seed) | {"cpu_ns": scenario.worker.cpu_ns}
    outcomes = simulate(scenario.path, traffic.closed_loop or traffic.chunks, **names)
    return _noted(outcomes, scenario, traffic)


def _simpy(
    scenario: Scenario, traffic: GeneratedTraffic, **more: Any
) -> Callable[..., Outcomes]:
    """Return what the SimPy engine simulates a scenario with."""
    agenda, rules = _agenda(scenario, traffic), scenario.isolate_rules
    return partial(edge.simulate, agenda=agenda, isolates=rules, **more)


@within_confinement
def run_tally(
    scenario: Scenario,
    *,
    seed: int | None = None,
    traffic: GeneratedTraffic | None = None,
    repeats: int = 1,
    shards: int | None = None,
    on_requests: Callable[[int], None] = lambda _made: None,
) -> Tally:
    """Simulate a scenario once, and keep only what metrics need, not the rows.

    No rows are kept but those of requests that are under way; the compiled engine makes
    none. If the scenario is asked for a part of the requests, which only rows tell, it
    keeps all; of a long run the other engine makes them.

    Args:
        scenario: What to simulate.
        seed: Decides all chance; the scenario's own if absent.
        traffic: The requests; generated from the scenario and the seed if absent.
        repeats: How many runs of this kind are to come, as for `run`.
        shards: Into how many parts the compiled engine may cut the keys, each with a
            core of its own; by default as many as there are cores to spare. Keys that
            share something stay together (`why_whole`). It changes no count.
        on_requests: Called after each chunk with how many requests have been made.

    Returns:
        The counts, equal to those of the tables that `run` returns.
    """
    seed = scenario.seed if seed is None else seed
    scenario = drawn(scenario, seed)
    traffic = traffic or _traffic(scenario, seed)
    traffic, requests = first_counted(traffic, expected_requests(scenario))
    names = _names(traffic, seed) | {"cpu_ns": scenario.worker.cpu_ns}
    of_parts = has_parts(scenario, traffic.keys, traffic.locations)
    has_pages = scenario.traffic.has_pages
    needs_rows = of_parts or has_pages or scenario.measure is not None
    is_long = needs_rows and expected_requests(scenario) > _MOST_ROWS
    engine: Engine = "simpy" if is_long else scenario.engine
    if not is_compiled(scenario, traffic, engine, repeats * requests):
        return _streamed(scenario, traffic, names, on_requests)
    if needs_rows:
        return _from_rows(scenario, traffic, names, on_requests)
    if shards is None:
        shards = cores_to_spare() if requests >= FULL_CHUNK else 1
    shards = 1 if why_whole(scenario.path) else shards
    count = _with_agenda(compiled_api().tally_compiled, scenario, traffic)
    names |= {"shards": shards, "drawn": traffic.drawn, "on_requests": on_requests}
    tally: Tally = count(scenario.path, traffic.chunks, **names)
    return tally


@within_confinement
def run_shard(scenario: Scenario, *, shard: tuple[int, int], seed: int) -> ShardTally:
    """Simulate what happens to one part of the keys, which share nothing with others.

    Args:
        scenario: What to simulate.
        shard: Which part, from 0 on, of how many; `shard_tally.whole` joins them.
        seed: Decides all chance.

    Raises:
        ValueError: If the compiled engine cannot do it.
    """
    scenario = drawn(scenario, seed)
    traffic = _traffic(scenario, seed)
    is_compiled(scenario, traffic, "compiled", 0)
    count = _with_agenda(compiled_api().shard_tally_compiled, scenario, traffic)
    tally: ShardTally = count(
        scenario.path, traffic.chunks, shard, **_names(traffic, seed)
    )
    return tally


def _with_agenda(
    function: Callable[..., Any], scenario: Scenario, traffic: GeneratedTraffic
) -> Any:
    """Return a function of the compiled engine that knows what else happens."""
    return partial(function, agenda=_agenda(scenario, traffic))


def _traffic(scenario: Scenario, seed: int) -> GeneratedTraffic:
    return scenario.traffic.generate(seed=seed, duration_ns=scenario.duration_ns)


def _names(traffic: GeneratedTraffic, seed: int) -> dict[str, Any]:
    return {"seed": seed, "keys": traffic.keys, "locations": traffic.locations}


def _noted(
    outcomes: Outcomes, scenario: Scenario, traffic: GeneratedTraffic
) -> Outcomes:
    """Return what happened, with what the traffic says of itself, and what counts."""
    warnings = list(traffic.warnings)
    warnings += [
        f"a change ({change.kind}) comes at {format_duration(change.at_ns)}, when the"
        f" scenario is over ({format_duration(scenario.duration_ns)})"
        for change in scenario.changes
        if change.at_ns >= scenario.duration_ns
    ]
    if scenario.measure is not None:
        warnings.append(f"{scenario.measure}; usage and costs are of the whole run")
    # Who asks again does so after a failure, unless a layer asks beside it (a hedge).
    asking = [layer for layer in scenario.path if layer.asks_again]
    return replace(
        outcomes,
        warnings=tuple(warnings),
        measured_ns=_span(scenario),
        no_verdict=traffic.no_verdict,
        repeats=bool(asking) and not any(one.calls_together for one in asking),
    )


def _span(scenario: Scenario) -> tuple[int, int | None]:
    measure = scenario.measure
    return (measure.from_ns, measure.until_ns) if measure else (0, None)


def _agenda(scenario: Scenario, traffic: GeneratedTraffic) -> Agenda:
    return Agenda(scenario.changes, scenario.duration_ns, traffic.keys_at_start)


def _from_rows(
    scenario: Scenario,
    traffic: GeneratedTraffic,
    names: dict[str, Any],
    on_requests: Callable[[int], None],
) -> Tally:
    """Return the counts of what the compiled engine makes, with a row for each."""
    simulate = _with_agenda(compiled_api().simulate_compiled, scenario, traffic)
    told = _told(traffic.chunks, on_requests)
    outcomes = simulate(scenario.path, told, **names)
    return tally_of(scenario, replace(outcomes, measured_ns=_span(scenario)))


def _streamed(
    scenario: Scenario,
    traffic: GeneratedTraffic,
    names: dict[str, Any],
    on_requests: Callable[[int], None],
) -> Tally:
    tally = Tally(
        keys=len(traffic.keys),
        locations=len(traffic.locations),
        window_ns=window_of(scenario.path[-1].rate_limits),
    )
    parts = SelectedTallies(scenario, traffic.keys, traffic.locations)

    measured = MeasuredSpan(*_span(scenario))

    def add(rows: RequestRows, calls: OriginRows) -> None:
        rows, calls = measured.requests(rows), measured.calls(calls)
        tally.add(rows)
        tally.calls.add(calls)
        parts.add(rows, calls)

    def arrived(chunk: Requests) -> None:
        parts.arrive(chunk.location)
        tally.pages.arrive(chunk.page)
        on_requests(chunk.first_id + len(chunk))

    requests = traffic.closed_loop or traffic.chunks
    names |= {"arrived": arrived, "agenda": _agenda(scenario, traffic)}
    names |= {"isolates": scenario.isolate_rules}
    tally.usage = edge.stream(scenario.path, requests, add, **names)
    tally.selected = parts.by_name
    return tally


def _told(
    chunks: Iterator[Requests], on_requests: Callable[[int], None]
) -> Iterator[Requests]:
    for chunk in chunks:
        yield chunk
        on_requests(chunk.first_id + len(chunk))


def _first(traffic: GeneratedTraffic, most: int | None) -> GeneratedTraffic:
    if most is None:
        return traffic
    if traffic.closed_loop is not None:
        return replace(traffic, closed_loop=traffic.closed_loop.at_most(most))
    return replace(traffic, chunks=_first_of(traffic.chunks, most))


def _first_of(chunks: Iterator[Requests], most: int) -> Iterator[Requests]:
    for chunk in chunks:
        yield chunk if len(chunk) <= most else chunk.first(most)
        most -= len(chunk)
        if most <= 0:
            return
