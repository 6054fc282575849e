"""TTLs that differ, so that many keys do not expire together."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from typing_extensions import override

from simcoalesce.explain.draft import DoesNotApply, Draft
from simcoalesce.explain.fix import Fix
from simcoalesce.scenario.scenario import Scenario
from simcoalesce.spec import default
from simcoalesce.units import Ratio, format_ratio


class JitteredTtl(Fix):
    """Each entry lives shorter by a random share of its TTL, up to this one."""

    label: ClassVar[str] = "jittered TTL"

    kind: Literal["jittered_ttl"] = "jittered_ttl"
    jitter_ratio: Ratio = default("20%")
    """The largest share."""

    @override
    def apply(self, draft: Draft) -> str:
        write = draft.layer("kv.write")
        traffic = draft.document["traffic"]
        phases = [traffic, *traffic["arrivals"]]
        if all(one.get("keys", {"kind": "one"})["kind"] == "one" for one in phases):
            raise DoesNotApply("there is one key, and nothing for it to expire with")
        write["ttl_jitter"] = format_ratio(self.jitter_ratio)
        return f"TTL shorter by up to {write['ttl_jitter']}"

    @override
    def gentlest_first(self, scenario: Scenario) -> Sequence[Self]:
        shares = (f"{5 * step}%" for step in range(1, 20))
        return [type(self).model_validate({"jitter": share}) for share in shares]
