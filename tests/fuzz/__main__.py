"""``python -m tests.fuzz --inputs 10000 --seed 1``: try inputs, say how they end."""

from collections import Counter
from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import Final

import click

from tests.fuzz.campaign import Tried, campaign
from tests.fuzz.chance import Chance
from tests.fuzz.corpus import keep
from tests.fuzz.kind import Kind, kinds
from tests.fuzz.minimised import minimised, of_what

_MOST_SHOWN: Final = 3


@click.command()
@click.option("--inputs", default=1_000, help="How many of each kind.")
@click.option("--seed", default=1, help="Decides all of them.")
@click.option("--first", default=0, help="The number of the first input.")
@click.option("--kind", "names", multiple=True, help="Only this kind; may be repeated.")
@click.option(
    "--keep/--no-keep", "is_kept", default=True, help="Minimise and keep faults."
)
def fuzz(
    *, inputs: int, seed: int, first: int, names: Sequence[str], is_kept: bool
) -> None:
    """Try inputs of each kind; exit with 1 if one has a fault."""
    is_faulty = False
    for name in names or kinds():
        kind = kinds()[name]
        numbers = range(first, first + inputs)
        every: list[Tried] = []
        for one in campaign(kind, seed, numbers):
            every.append(one)
            if one.fault:
                click.echo(f"{name} {seed}/{one.number}: {one.fault}", err=True)
        for line in _summary(name, every):
            click.echo(line)
        is_faulty |= any(one.fault for one in every)
        if is_kept:
            _keep(kind, seed, every)
    raise SystemExit(is_faulty)


def _summary(name: str, every: Sequence[Tried]) -> Iterator[str]:
    codes = Counter(one.code for one in every)
    ends = ", ".join(f"{code}: {count:,}" for code, count in sorted(codes.items()))
    cpu_s = sum(one.cpu_s for one in every)
    yield f"{name}: {len(every):,} inputs in {cpu_s:,.0f} s of CPU; ends {ends}"
    slowest = nlargest(_MOST_SHOWN, every, key=lambda one: one.cpu_s)
    yield "  slowest " + ", ".join(f"{o.number} ({o.cpu_s:.2f} s)" for o in slowest)
    largest = nlargest(_MOST_SHOWN, every, key=lambda one: one.size_bytes)
    shown = (f"{one.number} ({one.size_bytes:,} bytes)" for one in largest)
    yield "  largest output " + ", ".join(shown)
    faults = Counter(of_what(one.fault) for one in every if one.fault)
    yield from (f"  {count:,} x {fault}" for fault, count in faults.most_common())


def _keep(kind: Kind, seed: int, every: Sequence[Tried]) -> None:
    """Minimise the first input with each fault, and keep it in the corpus."""
    firsts = {of_what(one.fault): one for one in reversed(every) if one.fault}
    for one in firsts.values():
        given = kind.made(Chance(seed, kind.name, one.number))
        path = keep(kind.name, minimised(kind, given, one.fault), one.fault)
        click.echo(f"  kept as {path.name}: {one.fault}")


if __name__ == "__main__":
    fuzz()
