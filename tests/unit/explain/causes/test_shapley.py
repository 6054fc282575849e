"""A Shapley value shares what there is as the textbook says."""

from fractions import Fraction

from simcoalesce.explain.causes.shapley import Subset, shapley


def additive(who: Subset) -> Fraction:
    """Return a worth to which each player adds its own."""
    return Fraction(sum({"a": 5, "b": 7, "c": 0}[player] for player in who))


def glove(who: Subset) -> Fraction:
    """Return the worth of a pair: a left glove, and one of two right ones."""
    return Fraction("left" in who and bool(who & {"right", "other"}))


def test_where_players_add_up_each_gets_its_own() -> None:
    """Then the order does not matter."""
    assert shapley("abc", additive) == {"a": 5, "b": 7, "c": 0}


def test_the_glove_game_is_shared_as_the_textbook_says() -> None:
    """Two thirds for the only left glove, a sixth for each right one."""
    values = shapley(("left", "right", "other"), glove)

    assert values == {
        "left": Fraction(2, 3),
        "right": Fraction(1, 6),
        "other": Fraction(1, 6),
    }
