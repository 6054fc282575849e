"""All calls fail."""

from typing import Literal

from typing_extensions import override

from simcoalesce.model.fault import Fault


class Always(Fault):
    """Every call; with `keys: [gone]` and `status: 404`, a product that is gone."""

    kind: Literal["always"] = "always"

    @property
    @override
    def says_which(self) -> str:
        return "all calls"

    @override
    def strikes(self, call: int, at_ns: int, uniform: float) -> bool:
        return True
