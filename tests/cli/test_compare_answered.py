"""compare: what it says where one scenario refuses, and the other answers."""

import json
from pathlib import Path

from tests.cli.command_line import ROOT, Ran, command

SALE = ROOT / "scenarios" / "flash-sale-9pm.yaml"
LATENCY = "latency_p50_s worse by 5%"


def compared(*arguments: object, base: str = "", other: str = "@per-key") -> Ran:
    """Compare the flash sale, of which 23 % are refused, with one that shares."""
    one, two = f"{SALE}{base}", f"{SALE}{other}"
    metrics = ["--metric", "latency_p50_s", "--metric", "first_rejected_at_s"]
    return command("compare", one, two, "--reps", "3", *metrics, *arguments)


def test_the_cure_is_not_called_slower() -> None:
    """5 ms became 7 ms, where 23 % had been refused: exit 13, and why."""
    ran = compared("--fail-if", LATENCY)

    told = " ".join(ran.out.split())
    assert "latency_p50_s not comparable: 23 % were refused before" in told
    assert ran.code == 13
    assert ran.err == (
        f"fail-if {LATENCY}: not comparable: 23 % were refused before"
        " (flash-sale-9pm@per-key)\n"
    )


def test_who_refuses_passes_no_gate_on_latency() -> None:
    """The other way round: 7 ms became 5 ms, as 23 % are refused."""
    for gate in (LATENCY, "latency_p50_s > latency_p50_s@base"):
        ran = compared("--fail-if", gate, base="@per-key", other="")

        told = " ".join(ran.out.split())
        assert "latency_p50_s not comparable: 23 % were refused after" in told
        assert (ran.code, "better" in ran.out.partition("\n\n")[0]) == (13, False)
        assert f"fail-if {gate}: not comparable: 23 % were refused after" in ran.err


def test_a_limit_of_the_other_alone_compares_nothing() -> None:
    """It says no word of the base."""
    assert compared("--fail-if", "latency_p50_s > 250ms").code == 0


def test_footnotes_say_what_numbers_are_of() -> None:
    """In every form that has footnotes: how many requests, and how many runs."""
    for form in ([], ["--markdown"]):
        told = " ".join(compared(*form).out.split())

        assert "latency_p50_s: before of the 3,0" in told
        assert "requests that were answered, after of all 4,000." in told
        assert "first_rejected_at_s: in all 3 runs before, in none after" in told


def test_the_document_says_the_same() -> None:
    """The reason, the shares of errors, and how many requests of a run."""
    (found,) = json.loads(compared("--json").out)["comparisons"]
    latency = next(m for m in found["metrics"] if m["metric"] == "latency_p50_s")

    assert (latency["verdict"], latency["p_value"]) == ("not comparable", None)
    assert latency["reason"] == "23 % were refused before"
    assert found["error_ratio"]["reason"] == latency["reason"]
    assert latency["requests_of_a_run"]["other"] == {
        "fewest": 4000,
        "most": 4000,
        "is_all": True,
    }


def test_pictures_and_pages_are_written(tmp_path: Path) -> None:
    """Two pictures, as SVG and PNG; a page with them; a document; Markdown."""
    files = [tmp_path / name for name in ("a.html", "a.json", "a.md")]
    targets = [f"-o{file}" for file in files]
    ran = compared(f"-o{tmp_path}/charts/", *targets)

    assert ran.code == 0
    pictures = {path.name for path in (tmp_path / "charts").iterdir()}
    drawn = {f"{name}.png" for name in ("comparison_changes", "compared_tails")}
    assert pictures == drawn | {name.replace("png", "svg") for name in drawn}
    assert "<svg " in files[0].read_text()
    assert all("23 % were refused before" in file.read_text() for file in files[1:])


def test_an_unknown_suffix_is_refused() -> None:
    """Before anything is simulated."""
    ran = compared("-o", "a.xlsx")

    assert ran.code == 2
    assert "write NAME.html, NAME.md or NAME.json, or FOLDER/" in ran.err


def test_a_front_of_latencies_warns_where_others_are_answered(sale: Path) -> None:
    """In the words of the footnote of a comparison; not of all requests' latencies."""
    limits = "origin.rate_limit=null,{kind: fixed_window, limit: 8, per: 1m}"
    swept = ["sweep", sale, "-P", limits, "--pareto"]
    latency = [*swept, "latency_p50_s,origin_hits"]
    told = " ".join(command(*latency).out.split())
    found = json.loads(command(*latency, "--json").out)

    words = (
        "latencies and ages of answered requests where the shares of errors differ by"
        " more than 1 % of the requests, so that others were answered."
    )
    assert f"latency_p50_s not comparable: {words}" in told
    assert f"Not comparable: {words}" in " ".join(compared().out.split())
    assert found["pareto_not_comparable"] == ["latency_p50_s"]
    assert "comparable" not in command(*swept, "latency_all_p50_s,errors").out


def test_explain_marks_latencies_that_are_not_comparable(sale: Path) -> None:
    """The limit refuses 35 of 40 requests, whom a change answers."""
    ran = command("explain", f"{sale}@refused", "--reps", "2")

    told = " ".join(ran.out.split())
    assert "* not comparable: latencies and ages of answered requests where" in told
