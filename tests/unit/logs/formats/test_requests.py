"""Our own requests.csv."""

from collections.abc import Callable

from simcoalesce.csv_text import csv_text
from simcoalesce.logs.formats.requests import RequestsLog
from simcoalesce.logs.log import Log

HEAD = RequestsLog.example.splitlines()[0].split(",")


def test_keys_are_read_as_they_were(log_of: Callable[..., Log]) -> None:
    """Without the apostrophe before what spreadsheets would take for a formula."""
    keys = ["=A1", "'=A1", "@x", "-1", "it's"]
    rest = "fra,4,{0}.0,{0}.0,0.0,200,miss,leader,origin,,1"
    rows = [
        [f"{number}", key, *rest.format(number).split(",")]
        for number, key in enumerate(keys)
    ]
    log = log_of(csv_text([HEAD, *rows]))

    assert [target.uri for target in log.targets] == keys
