"""When requests arrive: a member for each file."""

from typing import TYPE_CHECKING

from simcoalesce.spec import one_of
from simcoalesce.traffic.arrival import Arrival

if TYPE_CHECKING:
    AnyArrival = Arrival
else:
    AnyArrival = one_of(Arrival, "simcoalesce.traffic.arrivals")
