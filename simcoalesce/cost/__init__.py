"""Cost: counted operations times published prices."""

from simcoalesce.cost.bill import Bill
from simcoalesce.cost.price_list import PriceLine, PriceList, price_list_names
from simcoalesce.cost.statement import BillLine, BillStatement

__all__ = [
    "Bill",
    "BillLine",
    "BillStatement",
    "PriceLine",
    "PriceList",
    "price_list_names",
]
