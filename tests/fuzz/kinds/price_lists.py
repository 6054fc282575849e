"""Price lists: those that come with the package, mutated, and billed."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

from ruamel.yaml import YAML

from tests.fuzz.chance import Chance
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind
from tests.fuzz.mutation import as_yaml, mutated, mutated_text

_LIST: Final = "p.yaml"
_FILE: Final = "s.yaml"
_UNITS: Final = ("worker_requests", "kv_reads", "kv_writes", "response_bytes", "errors")
_PRICES: Final = (
    *("0.40 per 1M", "0.09 per GB", 0.5, "1", "999999999999.999999999999", "1/1k", ""),
    *(
        "0",
        "1 per 0",
        "1e-99",
        "1 per 1e15",
        "1 per 0.5",
        "not for sale",
        None,
        "1 per",
    ),
)
_COMMANDS: Final = (("run", _FILE, "--json"), ("run", _FILE), ("show", _FILE))


@cache
def _lists() -> list[Any]:
    folder = files("simcoalesce.cost") / "price_lists"
    paths = sorted((path for path in folder.iterdir()), key=lambda path: path.name)
    load = YAML(typ="safe", pure=True).load
    texts = [path.read_text() for path in paths if path.name.endswith(".yaml")]
    return [_plain(load(text)) for text in texts]


def _plain(value: Any) -> Any:
    """Return a document in which days are texts, as they are written."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    is_day = not isinstance(value, (str, int, float, type(None)))
    return value.isoformat() if is_day else value


def _made(chance: Chance) -> FuzzInput:
    document = mutated(chance.one_of(_lists()), chance, 2)
    # Few lines: the YAML is read anew for each input, and takes most of its time.
    if isinstance(document.get("lines"), list) and chance.happens(0.8):
        begin = chance.below(len(document["lines"]) + 1)
        document["lines"] = document["lines"][begin : begin + 3]
    text = as_yaml(document, chance)
    if chance.happens(0.1):
        text = mutated_text(text, chance)
    files_of = {_LIST: text, _FILE: _scenario(chance).encode()}
    return FuzzInput(chance.one_of(_COMMANDS), files_of)


def _scenario(chance: Chance) -> str:
    prices = {unit: chance.one_of(_PRICES) for unit in chance.some_of(_UNITS, 0.05)}
    month = chance.one_of(("", "", "{events: 30}", "{events: 1e15}", "{hours: 744}"))
    return (
        "traffic: {arrivals: [{kind: burst, requests: 9, within: 9ms}]}\n"
        "duration: 1s\nreplications: 2\npath: [kv.read, kv.write, origin]\n"
        f"origin: {{latency: 20ms}}\nprice_list: {_LIST}\nprices: {prices!r}\n"
        + (f"month: {month}\n" if month else "")
    ).replace("None", "null")


KIND: Final = Kind("price_lists", _made, in_ci=100)
