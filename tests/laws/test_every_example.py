"""Every example in a docstring does what it says."""

import doctest
from importlib import import_module
from pathlib import Path

import pytest

import simcoalesce

PACKAGE = Path(simcoalesce.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    for path in PACKAGE.rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("module", MODULES)
def test_every_example_does_what_it_says(module: str) -> None:
    """It is run, and prints what stands below it."""
    found = import_module(module.removesuffix(".__init__"))

    ran = doctest.testmod(found)

    assert ran.failed == 0
