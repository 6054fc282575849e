"""A scheduler that does not answer, or no more, is said with its address."""

import socket
import struct
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from threading import Thread
from unittest.mock import MagicMock

import pytest

from simcoalesce.experiment.sweeps import cluster
from simcoalesce.experiment.sweeps.cluster import on_dask
from simcoalesce.experiment.sweeps.point import PointWorker
from tests.unit.experiment.builders import a_sale

RESET = struct.pack("ii", 1, 0)
"""Linger for no time: what is closed so is reset."""


@pytest.fixture
def resetting() -> Iterator[str]:
    """Return the address of a server that resets each connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reset() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                    connection.close()

        Thread(target=reset, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


def tried(address: str) -> None:
    """Let a cluster do a point."""
    worker = PointWorker(a_sale(), seed=3, replications=1, repeats=1)
    [*on_dask(address, jobs=1)(worker, [(0, ())])]


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("is_there", [True, False])
def test_a_connection_that_fails_is_said(
    resetting: str, monkeypatch: pytest.MonkeyPatch, *, is_there: bool
) -> None:
    """Reset, or refused because nobody listens."""
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "_PATIENCE_S", 1)
    address = resetting if is_there else "127.0.0.1:1"

    with pytest.raises(ValueError, match=f"no Dask scheduler answers at {address}"):
        tried(address)


@pytest.mark.parametrize("error", [ConnectionResetError, CancelledError])
def test_a_scheduler_that_dies_after_it_answered_is_said(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """It was an output that cannot be written; which version it has is asked first."""
    dask = MagicMock()
    dask.Client.return_value.run.side_effect = error
    monkeypatch.setitem(sys.modules, "distributed", dask)

    with pytest.raises(ValueError, match="the Dask scheduler at far:1 is gone"):
        tried("far:1")
