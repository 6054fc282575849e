"""What a file of no known format is told."""

from collections.abc import Callable

import pytest
from ruamel.yaml import YAML

from simcoalesce.logs.log import Log

LogOf = Callable[..., Log]
UNKNOWN = {
    "json": '{"was": "2026-06-05T12:00Z", "is": "2026-06-06T12:00Z", "a": "/a"}\n',
    "table": "n;was;is;what\n3;2026-06-05 12:00:00;2026-06-06 12:00:00;/a\n",
    "text": '7 <x> [05/Jun/2026:12:00:00 +0000] n=3 "GET /a" done\n',
    "words": "1780660800.000 n=3 /a done\n",
}


@pytest.mark.parametrize("text", UNKNOWN.values(), ids=UNKNOWN)
def test_the_words_that_are_proposed_read_the_file(log_of: LogOf, text: str) -> None:
    """The message shows the start of the file and three lines of YAML."""
    with pytest.raises(ValueError, match="it starts with") as told:
        log_of(text)
    file, *words = str(told.value).splitlines()[1:]

    assert file == "  file: a.log"
    log = log_of(text, **YAML(typ="safe").load("\n".join(words)))
    assert log.at_ns.tolist() == [1_780_660_800 * 10**9]
    assert [target.uri for target in log.targets] == ["/a"]


def test_what_cannot_be_shown_is_escaped(log_of: LogOf) -> None:
    """A binary file does no harm to a terminal."""
    with pytest.raises(ValueError, match=r'it starts with "\.\.\.ELF\."'):
        log_of(b"\x00\x01\x7fELF\x1b\n")
