"""-o: files are written whole or not at all, and what cannot be written is said."""

import csv
import errno
import json
import os
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from simcoalesce.report.exports import table
from tests.cli.command_line import command, process

HEADERS = {
    "requests": "request,key,location,isolate,arrived_at_s,completed_at_s,latency_s,"
    "status,lookup,role,served_by,age_s,attempts",
    "origin_hits": "request,key,called_at_s,completed_at_s,status,version",
}

pytestmark = pytest.mark.usefixtures("sale")


def files(folder: Path) -> list[str]:
    """Return the names of all files of a folder, hidden ones too."""
    return sorted(path.name for path in folder.iterdir())


def full_disk(*_: Any, **__: Any) -> None:
    """Fail as a disk does that is full."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("target", ["", "/", "//", "/../"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "sale.yaml", "-o"],
        ["run", "sale.yaml", "--junit"],
        ["compare", "sale.yaml", "@per-key", "-o"],
        ["explain", "sale.yaml", "-o"],
        ["sweep", "sale.yaml", "-P", "kv.ttl=60s,61s", "-o"],
        ["fit", "sale.yaml", "-o"],
        ["merge", "sale.yaml", "-o"],
        ["report", "sale.yaml", "-o"],
        ["validate", "sale.yaml", "--against", "nginx", "-o"],
    ],
    ids=" ".join,
)
def test_what_names_no_file_is_refused(
    sale: Path, arguments: list[str], target: str
) -> None:
    """The charts of a run went into the current folder, and into the root."""
    ran = command(*arguments, target)

    assert ran.code == 2
    assert "the name is empty" in ran.err or "is the root folder" in ran.err
    assert files(sale.parent) == ["sale.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "sale.yaml", "--junit", "v.xml/"],
        ["explain", "sale.yaml", "-o", "e.md/"],
        ["sweep", "sale.yaml", "-P", "kv.ttl=60s,61s", "-o", "t.csv/"],
        ["fit", "sale.yaml", "-o", "f.yaml/"],
        ["merge", "sale.yaml", "-o", "t.csv/"],
        ["report", "sale.yaml", "-o", "p.html/"],
    ],
    ids=lambda given: given[0],
)
def test_where_a_file_is_written_no_folder_is_named(
    sale: Path, arguments: list[str]
) -> None:
    """A file of that name was written, without the slash."""
    ran = command(*arguments)

    assert ran.code == 2
    assert f"{arguments[-1]} is a folder; write the name of a file" in ran.err
    assert files(sale.parent) == ["sale.yaml"]


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (["run", "--reps", "100001"], "100000"),
        (["run", "--shards", "1025"], "1024"),
        (["sweep", "-P", "kv.ttl=60s,61s", "-j", "1025"], "1024"),
        (["fit", "--reps", "100001"], "100000"),
    ],
)
def test_a_count_that_does_not_end_is_refused(
    sale: Path, arguments: list[str], most: str
) -> None:
    """Whoever writes one digit too many is told so, and not left to wait."""
    ran = command(*arguments, str(sale))

    assert ran.code == 2
    assert f"{arguments[-1]} is not in the range" in ran.err
    assert f"<={most}" in ran.err


@pytest.mark.parametrize("name", ["result.json", "requests.csv", "verdicts.xml"])
def test_a_private_file_stays_private(sale: Path, name: str) -> None:
    """It was written over by one that all could read."""
    Path(name).touch(mode=0o600)
    command("run", sale, "-q", "-o", name)

    assert Path(name).stat().st_mode & 0o777 == 0o600
    assert Path(name).stat().st_size


STRANGE = {"=A1": "'=A1", "@x": "'@x", "-2+3": "'-2+3", "-1": "-1", "a\rb": "a\rb"}


def test_a_table_holds_any_name_and_no_formula(sale: Path) -> None:
    """Each row is one row to each reader; a replay has the keys as they are."""
    keys = json.dumps(dict.fromkeys(STRANGE, 1))
    burst = "-s", f"traffic.keys={{kind: weighted, weights: {keys}}}"
    command("run", sale, "-q", *burst, "-o", "requests.csv")
    with Path("requests.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    replay = "-s", "traffic={arrivals: [{kind: replay, file: requests.csv}]}"
    command("run", sale, "-q", *replay, "-o", "again.csv")

    assert len(rows) == 40
    assert {row["key"] for row in rows} == set(STRANGE.values())
    with Path("again.csv").open(newline="", encoding="utf-8") as file:
        again = list(csv.DictReader(file))
    assert [row["key"] for row in again] == [row["key"] for row in rows]


@pytest.mark.parametrize("table", HEADERS)
def test_a_table_has_the_columns_of_the_contract(sale: Path, table: str) -> None:
    """Programs read these names."""
    command("run", sale, "-q", "-o", f"{table}.csv")

    header = Path(f"{table}.csv").read_text().splitlines()[0]

    assert header == HEADERS[table]


def test_requests_have_a_row_each(sale: Path) -> None:
    """The table is of the first replication."""
    command("run", sale, "-q", "-o", "requests.csv")
    with Path("requests.csv").open() as file:
        rows = list(csv.DictReader(file))

    assert [row["request"] for row in rows] == [str(i) for i in range(40)]
    assert {row["status"] for row in rows} == {"200"}


def test_origin_hits_have_a_row_for_each_call() -> None:
    """As many as the metric says."""
    ran = command(
        *("run", "sale.yaml@per-key", "--json", "--reps", "1"),
        *("-o", "origin_hits.csv"),
    )
    rows = Path("origin_hits.csv").read_text().splitlines()[1:]

    assert len(rows) == json.loads(ran.out)["metrics"]["origin_hits"]["mean"] == 1


def test_usage_is_a_table_too(sale: Path) -> None:
    """What the bill is made of."""
    command("run", sale, "-q", "-o", "usage.csv")

    assert "kv_reads,40" in Path("usage.csv").read_text().replace(".0", "")


def test_several_targets_are_written_into_new_folders(sale: Path) -> None:
    """-o may be repeated; folders are made."""
    command("run", sale, "-q", "-o", "a/b/result.json", "-o", "c/usage.csv")

    assert Path("a/b/result.json").is_file()
    assert Path("c/usage.csv").is_file()


def test_charts_are_pictures_in_two_formats(sale: Path) -> None:
    """A folder gets each chart as PNG and SVG."""
    command("run", sale, "-q", "-o", "charts/")
    svg, png = (sorted(Path("charts").glob(f"*.{kind}")) for kind in ("svg", "png"))

    assert [path.stem for path in svg] == [path.stem for path in png]
    assert {ET.parse(path).getroot().tag[-3:] for path in svg} == {"svg"}  # noqa: S314 - our own pictures
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in png)


def test_the_same_command_writes_the_same_bytes_in_two_processes(sale: Path) -> None:
    """Documents, tables and pictures: all of them."""
    for folder in ("a", "b"):
        targets = [f"{folder}/result.json", f"{folder}/requests.csv", f"{folder}/"]
        arguments = [word for target in targets for word in ("-o", target)]
        process("run", sale, "-q", *arguments, PYTHONHASHSEED=str(ord(folder)))

    first, second = (
        {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        for folder in ("a", "b")
    )

    assert len(first) > 8
    assert first == second


def test_parquet_needs_its_extra(sale: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pyarrow the refusal says what to install, before anything is run."""
    monkeypatch.setattr(table, "find_spec", lambda _: None)

    ran = command("run", sale, "-o", "requests.parquet")

    assert ran.code == 2
    assert "pip install 'simcoalesce[parquet]'" in ran.err
    assert files(sale.parent) == ["sale.yaml"]


def test_an_unknown_suffix_is_refused_before_anything_is_run(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits an hour to hear that the name of the file is wrong."""
    monkeypatch.setattr("simcoalesce.cli.run.replicate", full_disk)

    ran = command("run", sale, "-o", "result.xlsx")

    assert ran.code == 2
    assert "write NAME.csv, NAME.hgrm, NAME.html, NAME.json" in ran.err


def test_a_folder_that_is_a_file_is_refused(sale: Path) -> None:
    """The message names it."""
    ran = command("run", sale, "-o", "sale.yaml/result.json")

    assert ran.code == 2
    assert "cannot make the folder sale.yaml" in ran.err


def test_a_folder_without_permission_is_refused(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found out before anything is run; root may write everywhere."""
    monkeypatch.setattr(os, "access", lambda *_: False)

    ran = command("run", sale, "-o", "result.json")

    assert ran.code == 2
    assert "cannot write into the folder .: no permission" in ran.err


@pytest.mark.parametrize("target", ["result.json", "requests.csv"])
def test_a_full_disk_leaves_the_old_file(
    sale: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """A reader finds the last whole result, and nothing half-written beside it."""
    Path(target).write_text("old")
    monkeypatch.setattr(os, "fsync", full_disk)

    ran = command("run", sale, "-o", target)

    assert ran.code == 2
    assert f"cannot write {target}: No space left on device" in ran.err
    assert Path(target).read_text() == "old"
    assert files(sale.parent) == sorted(["sale.yaml", target])


def test_charts_on_a_full_disk_are_those_of_before(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of them were new, though each was whole: the disk is full at the third."""
    command("run", sale, "-q", "-o", "charts/")
    before = {path: path.read_bytes() for path in Path("charts").iterdir()}
    calls = iter(range(3))
    monkeypatch.setattr(os, "fsync", lambda _: full_disk() if next(calls) > 1 else None)

    ran = command("run", f"{sale}@per-key", "-o", "charts/")

    assert ran.code == 2
    assert "cannot write charts/: No space left on device" in ran.err
    assert {path: path.read_bytes() for path in Path("charts").iterdir()} == before


def test_a_target_that_may_not_be_looked_at_is_named(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was `cannot write the output: Permission denied`; root may look everywhere."""

    def refused(path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    monkeypatch.setattr(Path, "is_dir", refused)

    assert "cannot write far/result.json: Permission denied" in (
        command("run", sale, "-o", "far/result.json").err
    )


def test_a_junit_file_that_cannot_be_written_is_named(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was named by its unfinished file."""
    monkeypatch.setattr(os, "fsync", full_disk)

    ran = command("run", sale, "-q", "--junit", "verdicts.xml")

    assert ran.code == 2
    assert ran.err == "Error: cannot write verdicts.xml: No space left on device\n"


def test_an_interrupt_while_writing_leaves_no_half_file(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C at the worst moment."""

    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)

    assert command("run", sale, "-o", "result.json").code == 130
    assert files(sale.parent) == ["sale.yaml"]


def test_an_error_without_a_number_says_its_text(
    sale: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a library raises one that finds no folder to write into."""

    def fail(_: int) -> None:
        raise OSError("no usable folder")

    monkeypatch.setattr(os, "fsync", fail)

    ran = command("run", sale, "-o", "result.json")

    assert "cannot write result.json: no usable folder" in ran.err


LOG = Path(__file__).parents[1] / "assets" / "fit" / "h-combined-only.log.gz"


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "sale.yaml", "-o", "result.json", "-o", "requests.csv"],
        ["compare", "sale.yaml", "@per-key", "-o", "a.md", "-o", "b.json"],
        ["explain", "sale.yaml", "--reps", "2", "-o", "a.md", "-o", "b.json"],
        ["sweep", "sale.yaml", "-Pkv.ttl=60s,61s", "-j1", "-o", "a.csv", "-o", "b.svg"],
        ["fit", str(LOG), "-o", "a.md", "-o", "b.yaml"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_result_that_cannot_be_written_is_still_told(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was simulated is not lost with the files; each is named."""
    told = command(*arguments)
    monkeypatch.setattr(os, "fsync", full_disk)
    ran = command(*arguments)

    assert (ran.code, ran.out) == (2, told.out)
    assert [f"cannot write {name}" in ran.err for name in arguments[-3::2]] == [
        True
    ] * 2


def test_a_document_is_made_of_plain_values(sale: Path) -> None:
    """What is written can be read back to the same values."""
    command("run", sale, "-q", "-o", "result.json")
    written = Path("result.json").read_text(encoding="utf-8")

    again = json.dumps(json.loads(written), indent=2, ensure_ascii=False)
    assert written == f"{again}\n"
