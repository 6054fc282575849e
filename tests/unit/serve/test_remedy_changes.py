"""Remedies as -s options: they say all that the remedy changes, and no more."""

from pathlib import Path

import pytest

from simcoalesce.explain.counterfactuals.remedy import remedied, remedies
from simcoalesce.scenario.shipped import shipped
from simcoalesce.serve.remedy_changes import remedied_state, remedies_document
from simcoalesce.serve.what_if import Refused, ScenarioFile, WhatIf
from tests.unit.serve.builders import sale_file


@pytest.mark.parametrize(
    ("kind", "overrides"),
    [
        ("faster_kv_writes", ("kv.write_latency=20ms",)),
        (
            "single_flight",
            ("path=[kv.read, single_flight, {kv.write: {ttl: 60s}}, origin]",),
        ),
        ("background_write", ("kv.acknowledge=background",)),
    ],
)
def test_a_remedy_is_as_short_as_a_person_would_write_it(
    tmp_path: Path, kind: str, overrides: tuple[str, ...]
) -> None:
    """What is shared in the section, what is inline in the path."""
    found, told = remedied_state(sale_file(tmp_path), WhatIf(), kind)

    assert found.overrides == overrides
    assert told.startswith(remedies()[kind].label)


def test_a_remedy_is_made_of_what_the_page_has_now(tmp_path: Path) -> None:
    """A change of the same key is replaced, others stay."""
    asked = WhatIf(None, ("kv.write_latency=40ms", "seed=4"))

    found, _ = remedied_state(sale_file(tmp_path), asked, "faster_kv_writes")

    assert found.overrides == ("seed=4", "kv.write_latency=10ms")


def test_every_remedy_of_the_flash_sale_is_what_explain_tries() -> None:
    """Each that applies can be written as options, and is that scenario."""
    file = ScenarioFile.read(shipped("flash-sale-9pm"))
    offered = [one["kind"] for one in remedies_document(file.scenario)]

    for kind in offered:
        found, _ = remedied_state(file, WhatIf(), kind)
        tried, _ = remedied(file.scenario, remedies()[kind])
        assert file.chosen(found).path == tried.path, kind
        assert file.chosen(found).traffic == tried.traffic, kind
    assert len(offered) > 20


def test_an_unknown_remedy_is_refused(tmp_path: Path) -> None:
    """Names come from a page."""
    with pytest.raises(Refused, match="no remedy"):
        remedied_state(sale_file(tmp_path), WhatIf(), "magic")
