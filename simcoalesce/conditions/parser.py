"""The parser of conditions: a tokenizer, then a few nodes of Python's grammar."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise
from typing import Final

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic.json_schema import JsonSchemaValue

from simcoalesce.as_written import as_written
from simcoalesce.conditions.comparability import why_not
from simcoalesce.conditions.condition import Condition
from simcoalesce.conditions.expression import Expression, Reference
from simcoalesce.conditions.over_runs import MEAN, SHARE
from simcoalesce.conditions.selection import base_of, selected_name
from simcoalesce.conditions.statement import Statement
from simcoalesce.conditions.tokens import (
    DEEPEST,
    INSTEAD,
    MEASURES,
    NOT_FINITE,
    QUANTITIES,
    TOKEN,
    Token,
    number_of,
    summary_of,
    too_deep,
)
from simcoalesce.conditions.truth import CHANGES, COMPARISONS
from simcoalesce.suggestion import did_you_mean

_LONGEST: Final = 500


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """What a condition may say where it stands; each is its own, and one a purpose.

    Attributes:
        units: The unit of each name that it may use.
        example: What to write.
        comparisons: How it may compare.
        others: What may stand behind @; None if that is looked up later.
        needs_units: Whether a duration or a rate must be written with its unit.
        is_of_runs: Whether it may ask for a share of many runs, or for a quantile.
        of_runs: How it may compare these; as others if empty.
        above_one: Ratios that may exceed 1; another is a share, at most 100 %.
        selectable: Of which metrics a part can be asked for, and by what.
    """

    units: Mapping[str, str]
    example: str
    comparisons: frozenset[str] = COMPARISONS
    others: frozenset[str] | None = frozenset()
    needs_units: bool = True
    is_of_runs: bool = True
    of_runs: frozenset[str] = frozenset()
    above_one: frozenset[str] = frozenset()
    selectable: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def condition(self, text: object) -> Condition:
        """Return the condition that a text states.

        Raises:
            ValueError: If it states none: where it is wrong, and what to write instead.
        """
        if isinstance(text, Condition):
            return text
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
            said = f"{as_written(text)} is not a condition"
            raise ValueError(f"{said}; write e.g. {self.example}")
        return _parsed(text, self)

    def as_field(
        self, schema: JsonSchemaValue
    ) -> tuple[BeforeValidator, PlainSerializer, WithJsonSchema]:
        """Return how pydantic reads, writes and describes a condition."""
        write = PlainSerializer(str, return_type=str)
        return BeforeValidator(self.condition), write, WithJsonSchema(schema)


@lru_cache(maxsize=4_096)
def _parsed(text: str, vocabulary: Vocabulary) -> Condition:
    """Return the condition; each change of a scenario validates all of them again."""
    spaced = re.sub(r"(<=|>=|==|!=|<|>)", r" \1 ", text)
    try:
        return _Parser(" ".join(spaced.split()), vocabulary).condition()
    except (RecursionError, MemoryError):
        raise ValueError(f'"{text}" is nested too deep') from None


class _Parser:
    """Reads one condition: offsets in its code lead back to tokens and their places."""

    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self._text = text
        self._vocabulary = vocabulary
        self._example = f"write e.g. {vocabulary.example}"
        self._tokens: dict[int, Token] = {}
        self._code = ""
        for match in TOKEN.finditer(text):
            for code, token in self._read(match):
                self._tokens[len(self._code)] = token
                self._code += f"{code} "

    def condition(self) -> Condition:
        """Return what the text states."""
        if deep := too_deep(self._code, self._tokens):
            why = f"this is nested more than {DEEPEST} levels deep"
            raise self._error(deep.at, why)
        try:
            node = ast.parse(self._code, mode="eval").body
        except SyntaxError as error:
            raise self._misplaced(error.offset or len(self._code)) from None
        return Condition(self._text, tuple(self._statements(node)))

    def _read(self, match: re.Match[str]) -> Iterator[tuple[str, Token]]:
        """Yield a token's code: `_` for an operand, `~` for a sign, `in` for a verb."""
        kind = str(match.lastgroup)
        at, end, written = match.start(kind), match.end(kind), match[kind].strip()
        if kind in QUANTITIES:
            try:
                number, unit = number_of(kind, written)
            except ValueError as error:
                raise self._error(at, str(error)) from None
            yield "_", Token(at, at + len(written), number, unit)
        elif kind == "operator":
            is_sign = written == "-" and not self._code.endswith(("_ ", ") "))
            yield "~" if is_sign else written, Token(at, end)
        elif kind == "verb":
            yield "in", Token(at, end)
            if written in {"worse", "higher", "lower"}:
                yield "_", Token(end, end, 0.0, "ratio")
        elif kind == "reference":
            yield "_", self._reference(match)
        elif kind == "summary":
            yield "_", self._summary(at, end, written)
        else:
            said = INSTEAD.get(written)
            why = f"write {said}" if said else f'"{written}" cannot stand here'
            raise self._error(at, why)

    def _summary(self, at: int, end: int, word: str) -> Token:
        if not self._vocabulary.is_of_runs:
            why = f"what happened once has no {word}(...); {self._example}"
            raise self._error(at, why)
        try:
            return Token(at, end, summary=summary_of(word))
        except ValueError as error:
            raise self._error(at, str(error)) from None

    def _reference(self, match: re.Match[str]) -> Token:
        name, of, at = match["name"], match["of"], match.start("name")
        units, others = self._vocabulary.units, self._vocabulary.others
        if name in {"or", "not"}:
            raise self._error(at, f'only "and" joins statements, not "{name}"')
        if name not in units:
            if name.lower() in NOT_FINITE:
                raise self._error(at, f"{name} is no finite number; {self._example}")
            if name == "better" and self._vocabulary.comparisons >= CHANGES:
                raise self._error(at, "write worse by, higher by or lower by")
            meant = did_you_mean(name, units) or "."
            names = "All names: docs/conditions.md"
            raise self._error(at, f'no metric or unit "{name}"{meant} {names}')
        if match["selector"]:
            name = self._selected(match)
        is_unknown = others is not None and of not in others
        if of is not None and (is_unknown or not of or "." in base_of(name)):
            known = [name, *(f"{name}@{other}" for other in others or ())]
            why = f'"@{of}" cannot stand here; write {" or ".join(known)}'
            raise self._error(at + len(name), why)
        return Token(at, match.end(), Reference(name, of), units[base_of(name)])

    def _selected(self, match: re.Match[str]) -> str:
        name, selector = match["name"], match["selector"]
        try:
            return selected_name(name, selector, self._vocabulary.selectable)
        except ValueError as error:
            raise self._error(match.start("selector"), str(error)) from None

    def _statements(self, node: ast.expr) -> Iterator[Statement]:
        if isinstance(node, ast.BoolOp):
            for inner in node.values:
                yield from self._statements(inner)
        elif isinstance(node, ast.Compare):
            for first, last in pairwise([node.left, *node.comparators]):
                yield self._statement(first, last)
        else:
            raise self._error(self._at(node), f"this compares nothing; {self._example}")

    def _statement(self, first: ast.expr, last: ast.expr) -> Statement:
        left, right = self._expression(first), self._expression(last)
        words = self._between(first, last)
        comparison = f"{words} by" if f"{words} by" in CHANGES else words
        if why := why_not(left, comparison, right, self._vocabulary):
            raise self._error(self._at(first), f"{why}; {self._example}")
        if comparison in COMPARISONS or right.unit != "ratio":
            self._check(first, left, right)
            self._check(last, right, left)
        return Statement(left, comparison, right)

    def _check(self, node: ast.expr, side: Expression, other: Expression) -> None:
        """Refuse a number that cannot be, or cannot be compared with the other side."""
        if side.references:
            return
        limit, metric = side.value(), base_of(other.metric or "")
        unit = self._vocabulary.units.get(metric)
        unit = unit if other.summary == MEAN else other.unit
        needs_units, why = self._vocabulary.needs_units, ""
        is_strict = needs_units and unit in {"s", "1/s"}
        is_share = unit == "ratio" and metric not in self._vocabulary.above_one
        if limit is None:
            why = "this is too large, or divides by zero"
        elif unit and side.unit not in ({unit} if is_strict else {unit, None}):
            why = f"{other.written} is {MEASURES[unit]}"
        elif needs_units and unit == "1" and limit % 1:
            why = f"{side.written} is not a whole number"
        elif needs_units and is_share and limit > 1:
            why = f"{side.written} is above 1; write e.g. 5% or 0.05"
        if why:
            raise self._error(self._at(node), why)

    def _expression(self, node: ast.expr) -> Expression:
        if isinstance(node, ast.Call):
            return self._over_runs(node)
        found, steps = self._of(node), tuple(self._steps(node))
        units = {token.unit for token in found if token.unit}
        unit = units.pop() if len(units) == 1 and "/" not in steps else None
        written = self._text[found[0].at : found[-1].end] or "0%"
        return Expression(written, steps, unit)

    def _over_runs(self, node: ast.Call) -> Expression:
        """Return a share of the runs, or a quantile."""
        found = self._of(node)
        summary, written = found[0].summary, self._text[found[0].at : found[-1].end]
        if summary is None or not node.args:
            raise self._misplaced((node.func.end_col_offset or 0) + 1)
        if summary == SHARE:
            return Expression(written, self._indicator(node.args[0]), "ratio", SHARE)
        inner = self._expression(node.args[0])
        if not inner.references or inner.summary != MEAN:
            raise self._error(found[0].at, f"{written} names no metric")
        return Expression(written, inner.steps, inner.unit, summary)

    def _indicator(self, node: ast.expr) -> tuple[float | Reference | str, ...]:
        """Return steps that are 1 in a run in which a condition is true, else 0."""
        vocabulary = replace(self._vocabulary, comparisons=COMPARISONS)
        inner, self._vocabulary = self._vocabulary, vocabulary
        statements = list(self._statements(node))
        self._vocabulary = inner
        steps: list[float | Reference | str] = []
        for one in statements:
            if one.left.summary != MEAN or one.right.summary != MEAN:
                why = "a run has no share of the runs, and no quantile; name a metric"
                raise self._error(self._at(node), why)
            more = (*one.left.steps, *one.right.steps, one.comparison)
            steps += (*more, "and") if steps else more
        return tuple(steps)

    def _steps(self, node: ast.expr) -> Iterator[float | Reference | str]:
        match node:
            case ast.Name():
                operand = self._tokens[node.col_offset].operand
                assert operand is not None, "a name stands for an operand"  # noqa: S101
                yield operand
            case ast.UnaryOp(op=ast.Invert(), operand=inner):
                yield from (-1.0, *self._steps(inner), "*")
            case ast.BinOp(left=left, right=right):
                yield from (*self._steps(left), *self._steps(right))
                yield self._between(left, right)
            case ast.Call(func=called):
                raise self._misplaced((called.end_col_offset or 0) + 1)
            case _:
                why = f"this is not a number; {self._example}"
                raise self._error(self._at(node), why)

    def _of(self, node: ast.expr) -> list[Token]:
        """Return the tokens of a node."""
        first, end = node.col_offset, node.end_col_offset or 0
        return [one for start, one in self._tokens.items() if first <= start < end]

    def _between(self, first: ast.expr, last: ast.expr) -> str:
        return self._text[self._of(first)[-1].end : self._at(last)].strip("() ")

    def _at(self, node: ast.expr) -> int:
        return self._tokens[node.col_offset].at

    def _misplaced(self, column: int) -> ValueError:
        """Return the error for what begins in a column of the code, or is missing."""
        rest = [one for start, one in self._tokens.items() if start >= column - 1]
        at, end = rest[0][:2] if rest else (len(self._text), 0)
        said = f'"{self._text[at:end]}" cannot stand here' if rest else "it ends early"
        return self._error(at, f"{said}; {self._example}")

    def _error(self, at: int, why: str) -> ValueError:
        return ValueError(f'"{self._text}", character {at + 1}: {why}')
