"""Shapley values: what each player adds, on average over all orders."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial
from typing import TypeAlias

Subset: TypeAlias = frozenset[str]


def shapley(
    players: Sequence[str], worth: Callable[[Subset], Fraction]
) -> dict[str, Fraction]:
    """Return each player's mean contribution over all orders.

    >>> shapley("ab", lambda who: Fraction(len(who) == 2))
    {'a': Fraction(1, 2), 'b': Fraction(1, 2)}

    Source:
        Shapley, A value for n-person games, 1953; the sum is worth(all) - worth(none).
    """
    orders = factorial(len(players))
    values = dict.fromkeys(players, Fraction(0))
    for player in players:
        others = [other for other in players if other != player]
        for size in range(len(players)):
            weight = Fraction(factorial(size) * factorial(len(others) - size), orders)
            for group in combinations(others, size):
                without = frozenset(group)
                gain = worth(without | {player}) - worth(without)
                values[player] += weight * gain
    return values
