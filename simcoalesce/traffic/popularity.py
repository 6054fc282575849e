"""Base class of popularities: which key a request asks for."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream
from simcoalesce.spec import Spec
from simcoalesce.traffic.alias_table import AliasTable


class Popularity(Spec):
    """How the requests are spread over the keys; each chooses for itself."""

    family: ClassVar[str] = "simcoalesce.traffic.popularities"

    kind: str

    def names(self) -> tuple[str, ...]:
        """Return the names of the keys."""
        raise NotImplementedError

    def table(self) -> AliasTable | None:
        """Return the table from which keys are drawn, one number for each request.

        None, if `choose` chooses otherwise.
        """
        return None

    def choose(self, requests: NDArray[np.int64], stream: Stream) -> NDArray[np.int64]:
        """Return the key of each request.

        Args:
            requests: Request ids, shape (n,).
            stream: The draws, one for each request.

        Returns:
            Indices into `names`, shape (n,).
        """
        table = self.table()
        if table is None:
            raise NotImplementedError
        return table.choose(stream.uniforms(requests))
