"""Conditions: comparisons of metrics between a scenario and its counterfactuals.

``origin_hits@faster-kv >= 0.5 * origin_hits`` compares a variant with the scenario
itself. The grammar is small and closed: numbers, metrics, ``metric@name``,
``included.UNIT`` of the price list, ``+ - * /``, comparisons, and ``and``.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from operator import add, mul, sub
from typing import Final, NamedTuple, get_args

from typing_extensions import override

from simcoalesce.cost.price_list import PricedUnit
from simcoalesce.metrics import METRICS

_REFERENCE: Final = re.compile(r"\b([a-z]\w*)@([\w.-]*\w)")
_LONGEST: Final = 500
_EXAMPLE: Final = "write e.g. origin_hits@faster-kv >= 0.5 * origin_hits"
_COMPARISONS: Final[Mapping[type[ast.cmpop], str]] = {
    ast.LtE: "<=",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.Gt: ">",
}

Number = float | None
"""A value; None where a run has none."""


def _ratio(a: float, b: float) -> Number:
    return a / b if b else None


_OPERATIONS: Final[Mapping[type[ast.operator], Callable[[float, float], Number]]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: _ratio,
}


class Reference(NamedTuple):
    """A number that a condition asks for.

    Attributes:
        name: A metric, or ``included.UNIT``.
        of: The counterfactual that it is of; None for the scenario itself.
    """

    name: str
    of: str | None

    @override
    def __str__(self) -> str:
        return self.name if self.of is None else f"{self.name}@{self.of}"


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a number once its references are known."""

    written: str
    node: ast.expr
    names: Mapping[str, Reference]

    def value(self, known: Callable[[Reference], Number]) -> Number:
        """Return the number; None if one that it needs does not exist."""
        return self._value(self.node, known)

    def _value(self, node: ast.expr, known: Callable[[Reference], Number]) -> Number:
        if isinstance(node, ast.Constant):
            return float(str(node.value))
        if isinstance(node, ast.UnaryOp):
            inner = self._value(node.operand, known)
            return None if inner is None else -inner
        if isinstance(node, ast.BinOp):
            a, b = self._value(node.left, known), self._value(node.right, known)
            return None if a is None or b is None else _operation(node)(a, b)
        return known(self.names[_name(node)])


@dataclass(frozen=True)
class Statement:
    """One comparison of two sides."""

    left: Side
    comparison: str
    right: Side

    @property
    def sides(self) -> tuple[Side, Side]:
        """Left and right."""
        return self.left, self.right

    @override
    def __str__(self) -> str:
        return f"{self.left.written} {self.comparison} {self.right.written}"


@dataclass(frozen=True)
class Condition:
    """Comparisons that must all be true.

    Attributes:
        written: As its author wrote it, with single spaces.
    """

    written: str

    @classmethod
    def parse(cls, text: object) -> "Condition":
        """Return the condition that a text states.

        Raises:
            ValueError: If it is none, or names what does not exist.
        """
        if not isinstance(text, str) or not text.strip() or len(text) > _LONGEST:
            raise ValueError(f'"{text}" is not a condition; {_EXAMPLE}')
        condition = cls(" ".join(text.split()))
        _ = condition.parts
        return condition

    @override
    def __str__(self) -> str:
        return self.written

    @cached_property
    def parts(self) -> tuple[Statement, ...]:
        """The comparisons."""
        names: dict[str, Reference] = {}
        code = _REFERENCE.sub(lambda found: _renamed(found, names), self.written)
        try:
            node = ast.parse(code, mode="eval").body
        except (SyntaxError, ValueError, RecursionError):
            raise ValueError(
                f'"{self.written}" is not a condition; {_EXAMPLE}'
            ) from None
        return tuple(self._comparisons(node, names))

    @property
    def references(self) -> tuple[Reference, ...]:
        """What must be known to judge it, each once."""
        found = (side.names for part in self.parts for side in part.sides)
        return tuple(dict.fromkeys(one for names in found for one in names.values()))

    def _comparisons(
        self, node: ast.expr, names: dict[str, Reference]
    ) -> Iterator[Statement]:
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And):
            for inner in node.values:
                yield from self._comparisons(inner, names)
            return
        if not isinstance(node, ast.Compare):
            message = f'"{self.written}" compares nothing; {_EXAMPLE}'
            raise ValueError(message)  # noqa: TRY004 - it is the user's value
        sides = [_side(side, names) for side in (node.left, *node.comparators)]
        for place, operator in enumerate(node.ops):
            comparison = _COMPARISONS.get(type(operator))
            if comparison is None:
                raise ValueError(f'"{self.written}": write <= >= == != < or >')
            yield Statement(sides[place], comparison, sides[place + 1])


def _renamed(found: re.Match[str], names: dict[str, Reference]) -> str:
    alias = f"__{len(names)}"
    names[alias] = Reference(_metric(found[1]), found[2])
    return alias


def _operation(node: ast.BinOp) -> Callable[[float, float], Number]:
    try:
        return _OPERATIONS[type(node.op)]
    except KeyError:
        raise ValueError(f'"{ast.unparse(node)}": write + - * or /') from None


def _side(node: ast.expr, names: dict[str, Reference]) -> Side:
    used = dict(_used(node, names))
    written = ast.unparse(node)
    for alias, reference in names.items():
        written = re.sub(rf"\b{alias}\b", str(reference), written)
    return Side(written, node, used)


def _used(
    node: ast.expr, names: Mapping[str, Reference]
) -> Iterator[tuple[str, Reference]]:
    """Yield what a side refers to; refuse all that is no arithmetic."""
    if isinstance(node, ast.BinOp):
        _operation(node)
        yield from _used(node.left, names)
        yield from _used(node.right, names)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield from _used(node.operand, names)
    elif isinstance(node, ast.Name):
        alias = node.id
        yield alias, names.get(alias) or Reference(_metric(alias), None)
    elif isinstance(node, ast.Attribute):
        written = ast.unparse(node)
        yield written, Reference(_included(written), None)
    elif not (isinstance(node, ast.Constant) and type(node.value) in {int, float}):
        raise ValueError(f'"{ast.unparse(node)}" is neither a number nor a metric')


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ast.unparse(node)


def _metric(name: str) -> str:
    if name in METRICS:
        return name
    close = get_close_matches(name, METRICS, n=1)
    meant = f'; did you mean "{close[0]}"?' if close else ""
    raise ValueError(f'no metric "{name}"{meant}')


def _included(name: str) -> str:
    units = get_args(PricedUnit)
    whose, _, unit = name.partition(".")
    if whose != "included" or unit not in units:
        raise ValueError(f'"{name}": write included.UNIT, e.g. included.kv_reads')
    return name
