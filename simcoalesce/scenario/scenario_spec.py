"""The spec of a scenario: what a file states, or Python code."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
    model_validator,
)

from simcoalesce.as_written import as_written
from simcoalesce.conditions.selection import is_selected
from simcoalesce.cost.price_list import PriceList, price_list_names
from simcoalesce.cost.unit_price import Prices
from simcoalesce.metrics.expectation import Expectation
from simcoalesce.model.change import EdgeChange
from simcoalesce.model.isolate_pool import IsolateRules
from simcoalesce.model.layer import Layer
from simcoalesce.model.scope import Scope
from simcoalesce.run_bounds import HORIZON_NS, past_horizon
from simcoalesce.scenario.axis import Axis
from simcoalesce.scenario.incident import Observation, PostMortemClaim, ShippedRemedy
from simcoalesce.scenario.input_file import is_own_price_list
from simcoalesce.scenario.part import Measure, Month, Worker
from simcoalesce.scenario.path_rule import path_faults, silence_faults
from simcoalesce.scenario.uncertainty import Together
from simcoalesce.spec import Spec, default
from simcoalesce.traffic.traffic import Traffic
from simcoalesce.units import PositiveCount, PositiveDuration, format_duration

LARGEST_SEED: Final = 2**63 - 1
_NAME: Final = r"^[^\s./\\@][^/\\@\x00-\x1f]*$"
"""Names become parts of file names, and of FILE@variant."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

MOST_REPLICATIONS: Final = 100_000


def _layer(written: Any) -> Any:
    """Return what a path entry says as a layer says it: with its kind inside."""
    if isinstance(written, str):
        return {"kind": written}
    if isinstance(written, Mapping) and "kind" not in written and len(written) == 1:
        name, parameters = next(iter(written.items()))
        if parameters is None or isinstance(parameters, Mapping):
            return {"kind": name, **(parameters or {})}
    return written


def _path_entry(layer: Layer) -> dict[str, Any]:
    parameters = layer.document()
    return {parameters.pop("kind"): parameters}


PathLayer = Annotated[Layer, BeforeValidator(_layer), PlainSerializer(_path_entry)]
"""A layer, written as its name or as ``{name: {its parameters}}``."""


def _change(written: Any) -> Any:
    """Return what a change says as its kind says it: with its kind inside."""
    if not isinstance(written, Mapping) or "kind" in written:
        return written
    kinds = [key for key in written if key != "at"]
    match [written[kind] for kind in kinds]:
        case [None | Mapping() as parameters]:
            at = {"at": written["at"]} if "at" in written else {}
            return {"kind": kinds[0], **at, **(parameters or {})}
    raise ValueError("write when, and what: {at: 60s, purge: {keys: all}}")


def _change_entry(change: EdgeChange) -> dict[str, Any]:
    parameters = change.document()
    return {"at": parameters.pop("at"), parameters.pop("kind"): parameters}


WrittenChange = Annotated[
    EdgeChange, BeforeValidator(_change), PlainSerializer(_change_entry)
]
"""A change, written as ``{at: instant, name: {its parameters}}``."""


def _written_instant(value: object) -> object:
    if isinstance(value, (int, float)):
        raise ValueError(  # noqa: TRY004 - it is the user's value
            f"{as_written(value)} is not an instant; write e.g."
            " 2026-06-05T21:00:00+09:00"
        )
    return value


def _within_horizon(instant: datetime) -> datetime:
    if abs(instant - _EPOCH) / timedelta(microseconds=1) * 1_000 >= HORIZON_NS:
        said = past_horizon(f'"{instant.isoformat()}"')
        raise ValueError(f"{said} from 1970; write e.g. 2026-06-05T21:00:00+09:00")
    return instant


OptionalWallClock = Annotated[
    Annotated[AwareDatetime, AfterValidator(_within_horizon)] | None,
    BeforeValidator(_written_instant),
]
"""An instant with its offset, at most 146 years from 1970."""


class ScenarioSpec(Spec):
    """Traffic, the path that it takes, and what is expected of it."""

    # Only a scenario is ever made: its validator alone is worth building.
    model_config = ConfigDict(defer_build=True)

    version: Literal[1] = 1
    """Of this format."""
    name: Annotated[str, Field(min_length=1, max_length=80, pattern=_NAME)] = "scenario"
    """Short, for tables and file names; by default the name of the file."""
    title: str = ""
    """One line: what the scenario is about."""
    question: str = ""
    """What it is to answer."""
    description: str = ""
    """What a reader must know."""
    starts_at: OptionalWallClock = None
    """The wall clock at t = 0, for reports, e.g. 2026-06-05T21:00:00+09:00."""
    duration_ns: PositiveDuration = default("5m")
    """When arrivals stop; what is under way then is finished."""
    seed: Annotated[int, Field(strict=True, ge=0, le=LARGEST_SEED)] = 1
    """Decides all chance: the same seed gives the same requests and the same draws."""
    replications: PositiveCount = 30
    """How many runs, under consecutive seeds, an estimate rests on."""
    engine: Literal["auto", "simpy", "compiled"] = "auto"
    """What simulates it: it changes the time that takes, and not one number."""
    traffic: Annotated[
        Traffic,
        Field(
            examples=[
                {"arrivals": [{"kind": "burst", "requests": 800, "within": "400ms"}]}
            ]
        ),
    ]
    """Who comes when, where, and for what."""
    path: Annotated[
        tuple[PathLayer, ...], Field(examples=[["kv.read", "kv.write", "origin"]])
    ]
    """The layers that a request goes through; the first answer is the answer."""
    changes: Annotated[
        tuple[WrittenChange, ...],
        Field(examples=[[{"at": "60s", "purge": {"keys": "all"}}]]),
    ] = ()
    """What happens to the edge in mid-run, e.g. {at: 60s, purge: {keys: all}}."""
    measure: Annotated[Measure | None, Field(examples=[{"from": "30s"}])] = None
    """Which part of a run metrics count, e.g. {from: 30s} behind a warm-up; usage and
    costs are those of the whole run."""
    worker: Worker = Worker()
    """The worker's own code."""
    price_list: str = "cloudflare-workers-paid-2026-11"
    """What things cost: a list of the package, or a file of your own."""
    prices: Annotated[
        Prices | None, Field(examples=[{"origin_calls": "0.40 per 1M"}])
    ] = None
    """Prices beside those of the list, or instead of them, in USD."""
    month: Month | None = None
    """How often all this happens in a month, for the monthly bill."""
    expect: tuple[Expectation, ...] = ()
    """What the metrics must be, e.g. origin_hits <= 50."""
    sweep: Annotated[
        dict[str, tuple[Any, ...] | str] | None,
        Field(examples=[{"kv.write_latency": ["0ms", "20ms", "80ms"]}]),
    ] = None
    """What `simcoalesce sweep` varies: lists of values, or e.g. 180ms..2.88s/5log."""
    uncertain: Annotated[
        tuple[Together, ...], Field(examples=[[{"origin.latency": "118ms..122ms"}]])
    ] = ()
    """What a log left open: 95 % intervals, or lists of equally likely values, by the
    paths of values; those of one entry are drawn together."""
    draw_uncertain: bool = False
    """Whether each seed draws its own values of `uncertain`, as `run --uncertain` does;
    what a variant or -s sets is not drawn."""
    observations: tuple[Observation, ...] = ()
    """What was reported of an incident; `explain` says whether it can all be true."""
    shipped: Annotated[
        tuple[ShippedRemedy, ...],
        Field(examples=[["object_per_key", {"longer_lock": {"age": "10m"}}]]),
    ] = ()
    """The remedies that were shipped, e.g. {longer_lock: {age: 10m}} with a setting of
    its own; `explain` leaves each of them out in turn."""
    claims: tuple[PostMortemClaim, ...] = ()
    """What a post-mortem claims; `explain` evaluates each."""

    @property
    def isolate_rules(self) -> IsolateRules | None:
        """How isolates come and go; None if the traffic says where requests run."""
        worker, traffic = self.worker, self.traffic
        is_kept = worker.keeps_isolates and worker.starts_warm
        is_kept = is_kept and not any(one.concerns_isolates for one in self.changes)
        if is_kept and traffic.spill_above is None:
            return None
        return IsolateRules(
            isolates=traffic.isolates,
            spill_above=traffic.spill_above,
            cold_start=worker.cold_start,
            idle_after_ns=worker.idle_after_ns,
            lifetime=worker.isolate_lifetime,
            starts_warm=worker.starts_warm,
        )

    @property
    def selected_metrics(self) -> tuple[str, ...]:
        """The metrics of parts of the requests that are to be counted."""
        names = (name for one in self.expect for name in one.that.names)
        return tuple(dict.fromkeys(filter(is_selected, names)))

    @field_validator("replications")
    @classmethod
    def _replications_within_reason(cls, replications: int) -> int:
        if replications > MOST_REPLICATIONS:
            raise ValueError(f"at most {MOST_REPLICATIONS:,} replications")
        return replications

    @field_validator("sweep")
    @classmethod
    def _axes_are_axes(
        cls, sweep: dict[str, tuple[Any, ...] | str] | None
    ) -> dict[str, tuple[Any, ...] | str] | None:
        for key, written in (sweep or {}).items():
            Axis.of(key, written)
        return sweep

    @field_validator("price_list")
    @classmethod
    def _list_exists(cls, name: str, info: ValidationInfo) -> str:
        if is_own_price_list(name) or name not in price_list_names():
            PriceList.load(name, folder=(info.context or {}).get("folder", "."))
        return name

    @model_validator(mode="after")
    def _something_is_uncertain(self) -> Self:
        if self.draw_uncertain and not self.uncertain:
            raise ValueError(
                "nothing is uncertain; write uncertain: [{PATH: LOW..HIGH}], as"
                " simcoalesce fit does"
            )
        return self

    @model_validator(mode="after")
    def _something_is_measured(self) -> Self:
        if self.measure is not None and self.measure.from_ns >= self.duration_ns:
            raise ValueError(
                "measure.from is not before the end; write less than the duration,"
                f" {format_duration(self.duration_ns)}"
            )
        return self

    @model_validator(mode="after")
    def _isolates_hold_what_they_hold(self) -> Self:
        rules = self.isolate_rules
        is_cold = rules is not None and not rules.starts_warm
        for layer in self.path:
            is_held = layer.scope is Scope.ISOLATE and getattr(layer, "initial", None)
            if is_cold and is_held:
                raise ValueError(
                    f"{layer.kind} holds values when the run begins, and no isolate is"
                    " there; write worker: {initial: all}"
                )
        return self

    @model_validator(mode="after")
    def _path_leads_somewhere(self) -> Self:
        faults = path_faults([type(layer) for layer in self.path])
        for fault in chain(faults, silence_faults(self.path)):
            raise ValueError(f"path: {fault.message}")
        return self
