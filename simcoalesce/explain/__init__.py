"""Explanations: why a run went as it did, and what one change would have done.

``from simcoalesce import explain`` gives this package, since it has the name of its
function; so it can be called as `explanation.explain`, whose arguments are documented
there.

>>> from simcoalesce import Scenario, explain
>>> sale = Scenario.load("scenarios/flash-sale-9pm.yaml")
>>> explanation = explain(sale, replications=2)  # doctest: +SKIP
>>> explanation.counterfactuals[0].verdict  # doctest: +SKIP
'fixes'
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcoalesce.explain.explanation import Explanation


class _CallablePackage(ModuleType):
    """A package that is called as the function of its name is."""

    def __call__(self, *args: Any, **kwargs: Any) -> "Explanation":
        from simcoalesce.explain.explanation import explain  # noqa: PLC0415 - when called

        return explain(*args, **kwargs)


sys.modules[__name__].__class__ = _CallablePackage
