"""The document of a page: what one takes along says what was changed."""

from pathlib import Path

from simcoalesce.scenario.scenario import Scenario
from simcoalesce.serve.page_document import page_document, variant_yaml
from simcoalesce.serve.what_if import WhatIf
from tests.unit.serve.builders import SALE, sale_file

ASKED = WhatIf("per-key", ("kv.write_latency=20ms", "traffic.arrivals[0].requests=50"))


def test_the_variant_put_into_the_file_is_the_page(tmp_path: Path) -> None:
    """Below `variants:`, under its own name."""
    file = sale_file(tmp_path)
    written = variant_yaml(file, ASKED).removeprefix("variants:\n")

    scenario = Scenario.parse(SALE + written, variant="per-key-changed")

    assert scenario.traffic == file.chosen(ASKED).traffic
    assert scenario.path == file.chosen(ASKED).path


def test_the_whole_file_is_the_page(tmp_path: Path) -> None:
    """As YAML, with every default."""
    file = sale_file(tmp_path)
    scenario = file.chosen(ASKED)

    document = page_document(file, ASKED, scenario)

    assert Scenario.parse(document["yaml"]).document() == scenario.document()


def test_the_command_is_quoted_for_a_shell(tmp_path: Path) -> None:
    """Brackets would be patterns there."""
    file = sale_file(tmp_path)
    asked = WhatIf(None, ("path=[kv.read, origin]",))

    document = page_document(file, asked, file.chosen(asked))

    assert document["options"] == ["-s 'path=[kv.read, origin]'"]
    assert document["command"].endswith("sale.yaml -s 'path=[kv.read, origin]'")


def test_what_is_not_changed_is_no_variant(tmp_path: Path) -> None:
    """Nothing is to be put into the file."""
    file = sale_file(tmp_path)

    assert variant_yaml(file, WhatIf()) == ""
    assert [
        one["title"] for one in page_document(file, WhatIf(), file.scenario)["variants"]
    ] == ["One object"]
