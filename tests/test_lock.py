"""The lock of CI: each release is within our bounds, and has its digests."""

import re
import tomllib
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.vocabulary import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
ASKED = [
    *PROJECT["project"]["dependencies"],
    *EXTRAS["dev"],
    *EXTRAS["docs"],
    *EXTRAS["speed"],
]
OF_INSIDES = ("llvmlite", "numba", "ruamel.yaml", "simpy", "pydantic", "distributed")
"""Of these we use more than what they promise to keep."""


@cache
def locked() -> dict[str, tuple[str, str]]:
    """Return the version of each release, and what else is said of it."""
    text = (ROOT / ".ci/requirements.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)((?:.*\\\n)+.*)$", text, re.MULTILINE)
    return {canonicalize_name(name): (of, more) for name, of, more in found}


@pytest.mark.parametrize("written", ASKED)
def test_what_we_ask_for_is_locked_within_its_bounds(written: str) -> None:
    """A bound that is raised needs a new lock: .ci/lock."""
    asked = Requirement(written)

    version, _ = locked()[canonicalize_name(asked.name)]

    assert asked.specifier.contains(version)


def test_every_release_has_the_digests_of_its_files() -> None:
    """What is installed is what was locked, wherever it comes from."""
    bare = [name for name, (_, more) in locked().items() if "--hash=" not in more]

    assert len(locked()) > 50
    assert bare == []


@pytest.mark.parametrize("name", OF_INSIDES)
def test_what_we_use_the_insides_of_has_an_upper_bound(name: str) -> None:
    """Its next release is tried before it is allowed."""
    every = [*ASKED, *(one for extra in EXTRAS.values() for one in extra)]
    asked = [one for one in map(Requirement, every) if one.name == name]

    assert asked
    assert all("<" in str(one.specifier) for one in asked)
