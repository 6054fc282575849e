"""What a condition selects must be there, and is looked for when a file is read."""

import pytest

from simcoalesce.scenario.scenario import Scenario

SALE = """\
version: 1
duration: 20s
traffic:
  arrivals: [{kind: rate, rate: 300/s, keys: {kind: one, key: sale}}]
  keys: {kind: zipf, s: 1, n: 20}
  locations: {icn: 3, lhr: 1}
origin: {latency: 120ms}
path: [origin]
variants:
  far: {traffic: {locations: {nrt: 1}}}
"""


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("expect: ['errors[location=icm] == 0']", r"expect\[0\] .*mean \"icn\""),
        ("expect: ['errors[key=key-1] == 0']", 'no key "key-1"; there are sale'),
        ("expect: [{that: 'errors[25s..] == 0'}]", r"expect\[0\].that .*the 20s of"),
        ("expect: ['errors[21:00..] == 0']", "needs starts_at"),
        (
            "observations: [{text: o, that: 'errors[key=b] > 0'}]",
            r'observations\[0\].that .*no key "b"',
        ),
        (
            "claims: [{text: c, holds_if: 'errors[location=nrt] > 0'}]",
            r'claims\[0\].holds_if .*no location "nrt"; there are icn, lhr',
        ),
        (
            "claims: [{text: c, holds_if: {a: 'errors[location=paris]@far > 0'}}]",
            r'holds_if.a .*no location "paris"; there are icn, lhr, nrt',
        ),
    ],
)
def test_what_is_not_there_is_refused_where_it_is_written(
    written: str, told: str
) -> None:
    """With what there is."""
    with pytest.raises(ValueError, match=told):
        Scenario.parse(f"{SALE}{written}\n")


def test_a_claim_may_name_what_only_its_variant_has() -> None:
    """And of a remedy what the incident has."""
    claims = [
        "{text: a, holds_if: 'errors[location=nrt]@far == 0'}",
        "{text: b, holds_if: 'errors[location=icn]@single-flight == 0'}",
    ]

    assert Scenario.parse(f"{SALE}claims: [{', '.join(claims)}]\n").claims


def test_a_change_on_the_command_line_is_looked_at_too() -> None:
    """The run gets shorter than what is expected of it."""
    expected = f"{SALE}expect: ['errors[15s..] == 0']\n"

    with pytest.raises(ValueError, match=r"15s\.\. is not within the 10s of the run"):
        Scenario.parse(expected, overrides=["duration=10s"])
