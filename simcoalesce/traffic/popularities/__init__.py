"""Which key a request asks for: a member for each file."""

from typing import TYPE_CHECKING

from simcoalesce.spec import one_of
from simcoalesce.traffic.popularity import Popularity

if TYPE_CHECKING:
    AnyPopularity = Popularity
else:
    AnyPopularity = one_of(Popularity, "simcoalesce.traffic.popularities")
