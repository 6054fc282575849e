"""Base class of popularities: which key a request asks for."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from simcoalesce.randomness import Stream
from simcoalesce.spec import Spec


class Popularity(Spec):
    """How the requests are spread over the keys; each chooses for itself."""

    family: ClassVar[str] = "simcoalesce.traffic.popularities"

    kind: str

    def names(self) -> tuple[str, ...]:
        """Return the names of the keys."""
        raise NotImplementedError

    def choose(self, requests: NDArray[np.int64], stream: Stream) -> NDArray[np.int64]:
        """Return the key of each request.

        Args:
            requests: Request ids, shape (n,).
            stream: The draws, one for each request.

        Returns:
            Indices into `names`, shape (n,).
        """
        raise NotImplementedError
