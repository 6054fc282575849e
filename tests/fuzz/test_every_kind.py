"""Whatever it is given, a command ends soon, and as its exit codes say."""

from collections.abc import Iterator

import pytest

from tests.fuzz.campaign import campaign, tried
from tests.fuzz.chance import Chance
from tests.fuzz.corpus import kept
from tests.fuzz.kind import Kind, kinds

SEED = 1
_AN_HOUR_S = 3_600
_BATCH = 1_000
EVERY_KIND = pytest.mark.parametrize("kind", kinds().values(), ids=lambda k: k.name)


def faults(kind: Kind, numbers: range, seed: int = SEED) -> Iterator[str]:
    """Yield what is wrong with how inputs end, in processes of their own."""
    for one in campaign(kind, seed, numbers):
        if one.fault:
            yield f"{kind.name} {seed}/{one.number}: {one.fault}"


@EVERY_KIND
def test_what_was_a_fault_once_is_none_any_more(kind: Kind) -> None:
    """The corpus is tried first."""
    found = {name: tried(kind, given).fault for name, given in kept(kind.name)}

    assert {name: fault for name, fault in found.items() if fault} == {}


@EVERY_KIND
def test_no_input_brings_about_a_fault(kind: Kind) -> None:
    """The same inputs each time."""
    assert [*faults(kind, range(kind.in_ci))] == []


@EVERY_KIND
def test_an_input_follows_from_seed_kind_and_number(kind: Kind) -> None:
    """So each fault can be had again."""
    one, again = (kind.made(Chance(SEED, kind.name, 7)) for _ in range(2))

    assert one == again


@pytest.mark.slow
@EVERY_KIND
def test_no_input_of_an_hour_brings_about_a_fault(kind: Kind) -> None:
    """Each kind has its share of an hour of CPU, with inputs that CI has not."""
    used_s, first = 0.0, kind.in_ci
    while used_s < _AN_HOUR_S / len(kinds()):
        every = [*campaign(kind, SEED, range(first, first + _BATCH))]
        used_s += sum(one.cpu_s for one in every)
        first += _BATCH

        assert [one for one in every if one.fault] == []
