"""What a page carries with it: one script of all modules, and data that are no HTML."""

import json
import re

from simcoalesce.report.html.inlined import SHARED, policy, script_json, scripts


def test_data_end_no_script() -> None:
    """Whatever a name is, and they are read as they were."""
    hostile = {"name": "</script><!--<script>alert(1)&\u2028 \"'"}

    text = script_json(hostile)

    assert not set(text) & set("<>&\u2028")
    assert json.loads(text) == hostile


def test_every_module_is_in_the_script_once() -> None:
    """Behind those that it imports, and without a word of import or export."""
    own = scripts()[1]

    for path in SHARED.glob("*.js"):
        head = path.read_text(encoding="utf-8").partition("\n")[0]
        assert own.count(head) == 1
    assert not re.search(r"^\s*(import|export)\b", own, re.MULTILINE)


def test_scripts_end_nowhere_and_make_no_html() -> None:
    """What would end them early, or take a text for HTML, is not in ours."""
    library, own = scripts()

    assert "</script" not in library + own
    assert not any(one in own for one in ("innerHTML", "eval(", "insertAdjacent"))


def test_a_page_may_load_nothing() -> None:
    """It runs the scripts that it came with, and no others."""
    assert policy().startswith("default-src 'none'; script-src 'sha256-")
    assert policy().count("sha256-") == len(scripts())
