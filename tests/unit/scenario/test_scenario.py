"""Scenarios: loaded, changed, resolved, and known by their digest."""

import json
import pickle
import time
from pathlib import Path

import pytest

from simcoalesce.model.layers.origin import Origin
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.traffic import Traffic
from simcoalesce.yaml.validation_error import InvalidScenario
from tests.unit.scenario.builders import TEXT, a_scenario, errors_of

VARIANTS = """\
month: {events: 20k}
expect: [origin_hits <= 50]
variants:
  naive: {title: As it was}
  per-key:
    path: [kv.read, durable_object, kv.write, origin]
    expect: [origin_hits == 1, errors == 0]
"""


def test_a_variant_changes_what_it_says_and_no_more() -> None:
    """Its path and its expectations; the traffic is the same."""
    plain, changed = a_scenario(VARIANTS), a_scenario(VARIANTS).with_variant("per-key")

    assert [layer.kind for layer in changed.path][1] == "durable_object"
    assert [str(e) for e in changed.expect] == ["origin_hits == 1", "errors == 0"]
    assert changed.traffic == plain.traffic


def test_a_scenario_knows_its_variants() -> None:
    """In the order of the file, with a label for reports."""
    scenario = a_scenario(VARIANTS).with_variant("per-key")

    assert scenario.variants == ("naive", "per-key")
    assert scenario.variant == "per-key"
    assert scenario.label == "sale@per-key"


def test_a_broken_variant_breaks_the_file() -> None:
    """Even if it is not the one to be run; the way to it is shown."""
    (error,) = errors_of(TEXT + "variants: {fast: {kv: {write_latency: soon}}}")

    assert error.where == "variants.fast.kv.write_latency"
    assert error.line == 11


def test_a_mistake_of_the_scenario_is_not_told_again_for_each_variant() -> None:
    """Twenty variants, one mistake, one error."""
    variants = "".join(f"  v{i}: {{title: x}}\n" for i in range(20))
    text = TEXT.replace("80ms", "soon") + f"variants:\n{variants}"

    assert len(errors_of(text)) == 1


def test_flags_win_over_variants_and_variants_over_the_file() -> None:
    """The later change wins."""
    text = TEXT + "duration: 1m\nvariants: {long: {duration: 2m}}\n"
    plain = Scenario.parse(text)
    variant = plain.with_variant("long")
    flag = variant.with_overrides("duration=3m")

    seconds = [s.duration_ns // 1_000_000_000 for s in (plain, variant, flag)]
    assert seconds == [60, 120, 180]


def test_overrides_add_up() -> None:
    """The last one of a key wins."""
    changed = a_scenario(overrides=("seed=2",)).with_overrides("seed=3", "duration=1m")

    assert changed.overrides == ("seed=2", "seed=3", "duration=1m")
    assert changed.seed == 3


def test_a_wrong_override_is_told_as_it_was_written() -> None:
    """There is no line to show."""
    with pytest.raises(InvalidScenario) as caught:
        a_scenario(overrides=("kv.write_latency=8 miles",))

    assert str(caught.value).startswith(
        '-s kv.write_latency=8 miles  kv.write_latency  "8 miles" is not a duration'
    )


def test_an_override_that_makes_a_table_lack_a_key_is_told_so() -> None:
    """Not the line of the file, which was right."""
    (error,) = errors_of(TEXT, overrides=("kv.write_latency={p99: 1s}",))

    assert error.location == "-s kv.write_latency={p99: 1s}"


def test_the_resolved_scenario_can_be_read_again() -> None:
    """As JSON, which is YAML; it is the same scenario with the same digest."""
    scenario = a_scenario(VARIANTS, overrides=("kv.writes_per_key=unlimited",))
    again = Scenario.parse(json.dumps(scenario.document()))

    assert again == scenario
    assert again.sha256 == scenario.sha256


def test_the_resolved_scenario_has_values_with_units_and_no_sections() -> None:
    """Each layer has all of its parameters."""
    document = a_scenario().document()

    assert document["duration"] == "5m"
    assert document["path"][1]["kv.write"]["ttl"] == "60s"
    assert "kv" not in document


def test_titles_do_not_change_the_digest() -> None:
    """Nor does it matter from where a value comes."""
    other = TEXT.replace("name: sale", "name: other\ntitle: x\nquestion: y")
    by_flag = a_scenario(overrides=("kv.ttl=60s",))

    assert Scenario.parse(other).sha256 == a_scenario().sha256 == by_flag.sha256


def test_what_decides_a_number_changes_the_digest() -> None:
    """Seed, parameters and expectations."""
    changes = ("seed=2", "kv.ttl=61s", "replications=31", "expect=[errors == 0]")
    digests = {a_scenario(overrides=(change,)).sha256 for change in changes}

    assert len(digests | {a_scenario().sha256}) == 5


def test_what_is_said_is_the_same_where_the_digest_is() -> None:
    """Whoever remembers runs by it simulates nothing twice, and confuses nothing."""
    titled = Scenario.parse(TEXT.replace("name: sale", "name: other\ntitle: x"))
    changes = ("seed=2", "kv.ttl=61s", "replications=31", "expect=[errors == 0]")
    said = {a_scenario(overrides=(change,)).cache_key for change in changes}

    assert titled.cache_key == a_scenario().cache_key
    assert len(said | {titled.cache_key}) == 5


def test_the_contents_of_a_named_file_change_the_digest(tmp_path: Path) -> None:
    """A log of the same name is another scenario."""
    text = TEXT.replace("latency: 120ms", "latency: {empirical: seen.csv}")
    digests = set()
    for content in ("latency_ms\n1\n", "latency_ms\n2\n"):
        (tmp_path / "seen.csv").write_text(content)
        digests.add(Scenario.parse(text, folder=tmp_path).sha256)

    assert len(digests) == 2


def test_a_file_of_prices_counts_for_the_digest(tmp_path: Path) -> None:
    """It decides what the run costs."""
    line = "{unit: kv_reads, title: x, price: %s, source: x, read_on: 2026-11-01}"
    digests = set()
    for price in ("0.5", "0.6"):
        (tmp_path / "prices.yaml").write_text(f"title: x\nlines:\n  - {line % price}\n")
        text = TEXT + "price_list: prices.yaml\n"
        digests.add(Scenario.parse(text, folder=tmp_path).sha256)

    assert len(digests) == 2


def test_expectations_know_their_lines() -> None:
    """So that a broken one can be shown in the file."""
    scenario = a_scenario("expect:\n  - errors == 0\n  - origin_hits <= 5\n")

    assert scenario.expectation_lines == (("sale.yaml", 12), ("sale.yaml", 13))


def test_a_month_makes_runs() -> None:
    """For the monthly bill."""
    assert a_scenario().runs_per_month is None
    assert a_scenario(VARIANTS).runs_per_month == 20_000


def test_a_scenario_is_named_after_its_file(tmp_path: Path) -> None:
    """Unless it says otherwise."""
    file = tmp_path / "my sale (2).yaml"
    file.write_text(TEXT.replace("name: sale\n", ""))

    assert Scenario.load(file).name == "my-sale-2"


def test_a_variant_is_named_with_the_file(tmp_path: Path) -> None:
    """``FILE@variant``."""
    file = tmp_path / "sale.yaml"
    file.write_text(TEXT + VARIANTS)

    assert Scenario.load(f"{file}@per-key").variant == "per-key"
    assert Scenario.load(file, "naive").title == "As it was"


def test_a_scenario_can_be_made_in_python() -> None:
    """And changed as one that was loaded."""
    traffic = Traffic.model_validate(
        {"arrivals": [{"kind": "burst", "requests": 1, "within": "1s"}]}
    )
    origin = Origin.model_validate({"latency": "1ms"})
    made = Scenario.model_validate({"traffic": traffic, "path": [origin]})

    assert made.with_overrides("seed=7").seed == 7
    assert made.expectation_lines == ()
    assert made.source == ""


def test_a_path_may_be_written_short_in_python() -> None:
    """As in YAML."""
    made = Scenario.model_validate(
        {
            "traffic": a_scenario().traffic,
            "path": ["memory", {"origin": {"latency": "1s"}}],
        }
    )

    assert [layer.kind for layer in made.path] == ["memory", "origin"]


def test_a_path_that_leads_nowhere_cannot_be_made_in_python() -> None:
    """The rules are those of the file."""
    with pytest.raises(ValueError, match="the path has no origin"):
        Scenario.model_validate({"traffic": a_scenario().traffic, "path": ["kv.read"]})


def test_values_in_isolates_that_are_not_there_are_refused() -> None:
    """Memory that is warm at the start needs isolates that are."""
    warm = "worker: {cold_start: 5ms}\nmemory: {initial: {keys: all}}\n"

    (error,) = errors_of(TEXT + warm + "variants: {a: {path: [memory, origin]}}")

    assert "write worker: {initial: all}" in error.message


def test_a_scenario_survives_a_process_boundary() -> None:
    """Workers of a sweep change it further."""
    scenario = pickle.loads(pickle.dumps(a_scenario(VARIANTS)))  # noqa: S301 - our own

    assert scenario == a_scenario(VARIANTS)
    assert scenario.with_overrides("seed=5").seed == 5


def test_another_point_of_a_sweep_is_cheap() -> None:
    """Far below two milliseconds, so that thousands of points cost seconds."""
    scenario = a_scenario(VARIANTS)
    started = time.process_time()
    for seed in range(100):
        scenario.with_overrides(f"seed={seed}", "kv.write_latency=1ms")

    assert time.process_time() - started < 0.5


@pytest.mark.parametrize("name", ["a/b", "a@b", " a", "", ".a", "a\\b", "x" * 81])
def test_a_name_is_fit_for_files(name: str) -> None:
    """Charts and tables are named after it."""
    with pytest.raises(InvalidScenario):
        a_scenario(overrides=(f"name={json.dumps(name)}",))


def test_a_name_may_be_in_any_language() -> None:
    """The shop is in Korea."""
    assert a_scenario(overrides=("name=반값 세일",)).name == "반값 세일"


@pytest.mark.parametrize(
    ("price_list", "words"),
    [("cloudflare", "no price list"), ("mine.yaml", 'no file "mine.yaml"')],
)
def test_a_price_list_must_exist(price_list: str, words: str) -> None:
    """One of the package, or a file beside the scenario."""
    with pytest.raises(InvalidScenario, match=words):
        a_scenario(f"price_list: {price_list}\n")


def test_a_bare_number_is_no_instant() -> None:
    """It would be a number of seconds since 1970."""
    with pytest.raises(InvalidScenario, match="is not an instant"):
        a_scenario("starts_at: 1780000000\n")
