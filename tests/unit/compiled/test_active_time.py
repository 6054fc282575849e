"""Active time of objects in the compiled engine, by hand."""

from typing import Any

import pytest

from simcoalesce.model.edge import simulate
from tests.builders import a_path, an_origin, at_ms

api = pytest.importorskip("simcoalesce.compiled.api", reason="it needs llvmlite")


@pytest.mark.parametrize("gate", ["input_gate", "block_concurrency"])
@pytest.mark.parametrize("acknowledge", ["await", "background"])
def test_an_object_is_active_until_its_put_is_acknowledged(
    gate: str, acknowledge: str
) -> None:
    """The caller hangs up at 50 ms; a fetch of 120 ms and a put of 80 ms go on."""
    path = a_path(
        {"timeout": {"after": "50ms", "cancels": True}},
        {"durable_object": {"gate": gate}},
        {"kv.write": {"acknowledge": acknowledge}},
        an_origin("120ms"),
    )
    names: dict[str, Any] = {"seed": 1, "keys": ["a"], "locations": ["icn"]}

    compiled = api.simulate_compiled(path, [at_ms(0)], **names).usage

    assert compiled["object_gb_s"] == pytest.approx(0.2 * 0.128)
    assert compiled == simulate(path, [at_ms(0)], **names).usage
