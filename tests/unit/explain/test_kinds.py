"""Every layer runs somewhere, and only there."""

from simcoalesce.discovery import members
from simcoalesce.explain.kinds import ANYWHERE, HTTP_CACHES, WORKER
from simcoalesce.model.layer import Layer
from simcoalesce.model.location_cache import CachingLayer


def test_every_layer_is_of_one_kind() -> None:
    """A new one has to say where it runs: sentences and fixes depend on it."""
    found = members(Layer, "simcoalesce.model.layers")

    assert set(found) == HTTP_CACHES | WORKER | ANYWHERE
    assert len(HTTP_CACHES) + len(WORKER) + len(ANYWHERE) == len(found)


def test_caches_of_a_location_are_http_caches() -> None:
    """As the model has them."""
    found = members(Layer, "simcoalesce.model.layers").items()

    assert {k for k, one in found if issubclass(one, CachingLayer)} <= HTTP_CACHES
