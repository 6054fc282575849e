"""Extremes: what stands where another value belongs."""

from typing import Any, Final

NUMBERS: Final = (
    *(0, -1, 1, 0.5, 1e-308, 5e-324, 1e308, 1e15, 1e19, -0.0, 2**31, 2**53, 2**53 + 1),
    *(2**62 - 1, 2**62, 2**63 - 1, 2**63, 2**64, -(2**63), 10**30, 10**400),
    *(float("nan"), float("inf"), float("-inf")),
)
QUANTITIES: Final = (
    *("0ms", "1ns", "0.1ns", "-1ms", "1e99s", "36500d", "36499d", "73y", "1d", "9999h"),
    *(
        "53375d",
        "146y",
        "1e-99s",
        "1.s",
        ".5ms",
        "1ms1s",
        "1 s",
        "1s 2ms",
        "9" * 400 + "s",
    ),
    *("0/s", "1/s", "1e9/s", "1G/ns", "0.001/d", "1/0s", "1k/1ns", "1e-30/d", "inf/s"),
    *("0%", "100%", "101%", "50%", "-1%", "1e-30%", "0.1", "1k", "1M", "1G", "1e15G"),
    *(
        "unlimited",
        "none",
        "all",
        "auto",
        "p50",
        "p100",
        "p0",
        "top 0",
        "top 99",
        "never",
    ),
)
TEXTS: Final = (
    *(
        "",
        " ",
        "\n",
        "\x00",
        "\x1b[31m",
        "\u2028",
        "\ufeff",
        "é" * 40,
        "\U0001f525",
        "a\rb",
    ),
    *(
        "a" * 5_000,
        "=1+1",
        "../a",
        "/dev/zero",
        "/etc/passwd",
        "a/b",
        "-",
        "--help",
        "%s",
    ),
    *(
        "{}",
        "[]",
        "<script>",
        "&amp;",
        "'",
        '"',
        "`",
        "\\",
        "*",
        "key-0",
        "home",
        "true",
    ),
    *(
        "~",
        "null",
        "\u202e",
        "a,b",
        "a]b",
        "a@b",
        "x=1",
        "kv",
        "origin",
        "path",
        "0x7f",
    ),
)
DATES: Final = (
    *("2026-06-05T21:00:00+09:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"),
    *("2026-02-30", "1969-12-31T23:59:59Z", "2262-04-12T00:00:00Z", "21:00", "0"),
)
SHAPES: Final[tuple[Any, ...]] = (
    None,
    True,
    False,
    [],
    {},
    [[]],
    [{}],
    {"": 0},
    {"a": {}},
)
STRANGERS: Final[tuple[Any, ...]] = (*NUMBERS, *QUANTITIES, *TEXTS, *DATES, *SHAPES)
