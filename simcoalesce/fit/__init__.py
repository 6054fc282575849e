"""A scenario fitted to a log: what the log tells, with evidence, and nothing else.

``from simcoalesce import fit`` gives this package, since it has the name of its
function; so it can be called as `log_fit.fit_files`, whose arguments are documented
there.

>>> from simcoalesce import fit
>>> found = fit(["access.log.gz"])  # doctest: +SKIP
>>> found.verdict, found.scenario.write(Path())  # doctest: +SKIP
('believed', PosixPath('fitted.yaml'))
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simcoalesce.fit.log_fit import LogFit


class _CallableFit(ModuleType):
    """A package that is called as the function of its name is."""

    def __call__(self, *args: Any, **kwargs: Any) -> "LogFit":
        from simcoalesce.fit.log_fit import fit_files  # noqa: PLC0415 - when called

        return fit_files(*args, **kwargs)


sys.modules[__name__].__class__ = _CallableFit
