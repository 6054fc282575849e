"""Requests: attempts of one, and chunks of many."""

import numpy as np

from simcoalesce.request import Requests
from tests.builders import a_request, at_ms


def test_another_attempt_is_the_same_request() -> None:
    """Its id, key and place stay: draws belong to (id, attempt)."""
    request = a_request(7, key=1, location=2, isolate=3, at_ns=4)
    again = request.again(5)

    assert (again.id, again.key, again.location) == (7, 1, 2)
    assert (again.isolate, again.arrived_at_ns, again.attempt) == (3, 4, 5)
    assert request.attempt == 0


def test_all_attempts_of_a_post_are_posts() -> None:
    """In whichever isolate."""
    request = a_request(7, storable=False)

    assert not request.again(2).storable
    assert not request.inside(3).storable


def test_a_part_of_a_chunk_knows_which_requests_bypass_all_stores() -> None:
    """Of three the second; where none does, nothing is kept."""
    chunk = at_ms(0, 1, 2, bypass=[1])

    assert [chunk.request(index).storable for index in range(3)] == [True, False, True]
    assert not chunk.after(1).request(0).storable
    assert chunk.first(2).storable is not None
    assert at_ms(0, 1, 2).first(2).storable is None


def test_a_chunk_joins_others_in_which_all_are_storable() -> None:
    """It says so of each."""
    joined = Requests.joined([at_ms(0, 1), at_ms(2, 3, bypass=[0])])

    assert joined.storable is not None
    assert joined.storable.tolist() == [True, True, False, True]


def test_a_chunk_is_as_long_as_its_arrivals() -> None:
    """One row each."""
    assert len(at_ms(0, 1, 2)) == 3


def test_one_chunk_is_joined_to_itself() -> None:
    """Nothing is copied."""
    chunk = at_ms(0, 1)

    assert Requests.joined([chunk]) is chunk


def test_chunks_are_joined_in_their_order() -> None:
    """Every column of them."""
    one = at_ms(0, 1, key=[1, 2], location=[0, 1], isolate=[5, 6])
    two = at_ms(2, key=3, location=1, isolate=7)
    joined = Requests.joined([one, two])

    assert (joined.arrived_at_ns / 1e6).tolist() == [0, 1, 2]
    assert joined.key.tolist() == [1, 2, 3]
    assert joined.location.tolist() == [0, 1, 1]
    assert joined.isolate.tolist() == [5, 6, 7]


def test_no_chunks_are_an_empty_one() -> None:
    """Of whole numbers."""
    joined = Requests.joined([])

    assert (len(joined), joined.first_id) == (0, 0)
    assert np.issubdtype(joined.key.dtype, np.int64)


def test_joined_chunks_begin_with_the_first_id() -> None:
    """A run may begin in the middle of the traffic."""
    column = np.array([5])
    chunks = [Requests(first, column, column, column, column) for first in (40, 41)]

    assert Requests.joined(chunks).first_id == 40
