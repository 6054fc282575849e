"""Conditions: what may be demanded, known, and worse; made of its words, and asked."""

from functools import cache
from pathlib import Path
from typing import Final

from simcoalesce.cli.exits import BUG, INVALID, OK
from simcoalesce.conditions.condition import Condition
from simcoalesce.experiment.metric_values import MetricValues
from simcoalesce.experiment.precision import is_reached, parse_precision
from simcoalesce.experiment.regression_gate import parse_gate
from simcoalesce.metrics import METRICS
from simcoalesce.metrics.expectation import EXPECTED
from tests.fuzz.bounds import TookTooLongError, time_and_memory
from tests.fuzz.chance import Chance
from tests.fuzz.command_end import TOO_LONG, CommandEnd
from tests.fuzz.fuzz_input import FuzzInput
from tests.fuzz.kind import Kind

_PARSERS: Final = {"--for": EXPECTED.condition, "--until": parse_precision}
_PARSERS_OF_TWO: Final = {"--fail-if": parse_gate}
_COMPARISONS: Final = ("<", "<=", ">", ">=", "==", "!=")
_COMPARISONS_OF: Final = {
    "--for": _COMPARISONS,
    "--until": ("within",),
    "--fail-if": (*_COMPARISONS, "worse by", "higher by", "lower by"),
}
_NUMBERS: Final = (
    *(
        "0",
        "1",
        "50",
        "10k",
        "1e99",
        "1e30",
        "2e-99",
        "5%",
        "0.05",
        "100%",
        "1_0",
        "1.",
    ),
    *("250ms", "1m30s", "100/s", "40 USD", "$40", "1200/5m", "36500d", "9" * 60, "-1"),
    *("1e15", "0.1ns", "1/0s", "nan", "inf", ".5", "1e400", "²", "٣", "0x1"),
)
_SELECTORS: Final = (
    *(
        "[key=a]",
        "[location=icn]",
        "[3m..5m]",
        "[..30s]",
        "[21:03..21:05]",
        "[]",
        "[x]",
    ),
    *("[key=a, location=b]", "[key=a, key=a]", "[5m..3m]", "[key=]", "[99:99..]", "["),
)
_PIECES: Final = (
    *(
        "(",
        ")",
        "-",
        "+",
        "*",
        "/",
        "and",
        "or",
        "==",
        "@base",
        "@",
        "[",
        "]",
        ",",
        '"',
    ),
    *(
        "share(",
        "q95(",
        "q0(",
        "q99.9(",
        "\x00",
        "\n",
        "é",
        "\u2003",
        "(" * 60,
        "-" * 60,
    ),
)
_VALUES: Final = (0.0, 1.0, 3.5, 1e15, None)
_RUNS: Final = (1, 2, 3, 12)


def _subject(chance: Chance, unit: str, depth: int = 0) -> str:
    """Return a metric in a unit, or arithmetic that most often has this unit."""
    names = [name for name, one in METRICS.items() if one.unit == unit]
    case = chance.below(8)
    if depth > 2 or case < 5:
        part = chance.one_of(_SELECTORS) if chance.happens(0.1) else ""
        return chance.one_of(names) + part
    if case == 5:
        return f"({_subject(chance, unit, depth + 1)})"
    left, right = (_subject(chance, unit, depth + 1) for _ in range(2))
    factor = chance.one_of(_NUMBERS[:6])
    return chance.one_of(
        (f"{left} + {right}", f"{left} - {right}", f"{factor} * {left}")
    )


_FITTING: Final = {
    "s": ("5ms", "1m30s", "0.1ns", "36500d"),
    "1/s": ("9/s", "1200/5m"),
    "ratio": ("5%", "0.1", "100%", "0%"),
    "USD": ("40 USD", "$0.01"),
}
_COUNTS: Final = ("0", "1", "50", "10k", "1e15", "0.5", "1e30")


def _statement(chance: Chance, option: str) -> str:
    unit = chance.one_of([*dict.fromkeys(one.unit for one in METRICS.values())])
    subject = _subject(chance, unit)
    limit = chance.one_of(_FITTING.get(unit, _COUNTS))
    comparison = chance.one_of(_COMPARISONS_OF[option])
    if chance.happens(0.15):
        summary = chance.one_of(("share", "q95", "q50", "q100", "q0.1"))
        inside = f"{subject} <= {limit}" if summary == "share" else subject
        subject = f"{summary}({inside})"
        limit = "5%" if summary == "share" else limit
    if chance.happens(0.15):
        limit = chance.one_of(_NUMBERS)
    elif comparison in ("within", "worse by", "higher by", "lower by"):
        limit = chance.one_of(("2%", limit))
    if chance.happens(0.1):
        return f"{limit} <= {subject} <= {chance.one_of(_NUMBERS)}"
    return f"{subject} {comparison} {limit}"


def condition_text(chance: Chance, option: str = "--for") -> str:
    """Return a condition as an option takes it, or nearly one."""
    count = chance.one_of((1, 1, 2))
    text = " and ".join(_statement(chance, option) for _ in range(count))
    for _ in range(chance.one_of((0, 0, 0, 0, 1, 3))):
        begin, end = chance.cut(len(text))
        text = text[:begin] + chance.one_of(_PIECES) + text[end:]
    return text


def _made(chance: Chance) -> FuzzInput:
    option = chance.one_of((*_PARSERS, *_PARSERS_OF_TWO))
    number = str(chance.below(1_000))
    return FuzzInput((option, condition_text(chance, option), number))


@cache
def _values(number: int) -> MetricValues:
    chance = Chance(1, "values", number)
    names = {name: chance.one_of(_VALUES) for name in METRICS}
    names["requests"] = 9.0
    runs: list[dict[str, float | None]] = [
        {
            name: value if chance.happens(0.5) else chance.one_of(_VALUES)
            for name, value in names.items()
        }
        for _ in range(chance.one_of(_RUNS))
    ]
    return MetricValues.of(1, runs)


def _end(given: FuzzInput, _: Path) -> CommandEnd:
    """Parse a condition; evaluate it under some values, if they have what it names."""
    option, text, number = given.arguments
    try:
        with time_and_memory():
            condition = {**_PARSERS, **_PARSERS_OF_TWO}[option](text)
            said = _evaluated(condition, option, _values(int(number)))
    except ValueError as error:
        return CommandEnd(INVALID, "", f"{option} {error}")
    except TookTooLongError:
        return CommandEnd(TOO_LONG, "", "")
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        return CommandEnd(BUG, "", f"This is a bug in simcoalesce : {error!r}")
    return CommandEnd(OK, said, "")


def _evaluated(condition: Condition, option: str, values: MetricValues) -> str:
    if any(one.of or "[" in one.name for one in condition.references):
        return ""
    if option == "--until":
        return str(is_reached(condition, values.subject))
    if option == "--fail-if" and any(
        "by" in s.comparison for s in condition.statements
    ):
        return ""
    evaluation = condition.evaluation(values.subject, 0.01)
    known = [values.subject(one).document() for one in condition.statements]
    return f"{evaluation.truth} {evaluation.reason} {known!r}"


KIND: Final = Kind("conditions", _made, in_ci=3_000, end=_end)
