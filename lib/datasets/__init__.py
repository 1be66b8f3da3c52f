"""Contracts of every dataset; `ALL` lists them in the order in which data flows."""

from lib.datasets.catalog import CATALOG
from lib.datasets.contract import Column, Contract, Layer, Pii, Upgrade
from lib.datasets.customers import CUSTOMERS
from lib.datasets.gold import CATEGORY_METRICS, CITY_CATEGORY_METRICS, CITY_METRICS, NATIONAL_METRICS
from lib.datasets.inventory import INVENTORY
from lib.datasets.ops import AUDIT, LEDGER, QUARANTINE
from lib.datasets.orders import ORDERS
from lib.datasets.silver import CUSTOMER_VERSIONS, INVENTORY_SNAPSHOT, ORDER_LINES, PRODUCT_VERSIONS, PRODUCTS

SOURCES: dict[str, Contract] = {
    "orders": ORDERS,
    "catalog": CATALOG,
    "customers": CUSTOMERS,
    "inventory": INVENTORY,
}
SILVER: tuple[Contract, ...] = (ORDER_LINES, PRODUCTS, PRODUCT_VERSIONS, CUSTOMER_VERSIONS, INVENTORY_SNAPSHOT)
GOLD: tuple[Contract, ...] = (CITY_CATEGORY_METRICS, CITY_METRICS, CATEGORY_METRICS, NATIONAL_METRICS)
ALL: tuple[Contract, ...] = (*SOURCES.values(), *SILVER, *GOLD, QUARANTINE, LEDGER, AUDIT)

__all__ = [
    "ALL",
    "AUDIT",
    "CATALOG",
    "CATEGORY_METRICS",
    "CITY_CATEGORY_METRICS",
    "CITY_METRICS",
    "CUSTOMERS",
    "CUSTOMER_VERSIONS",
    "GOLD",
    "INVENTORY",
    "INVENTORY_SNAPSHOT",
    "LEDGER",
    "NATIONAL_METRICS",
    "ORDERS",
    "ORDER_LINES",
    "PRODUCTS",
    "PRODUCT_VERSIONS",
    "QUARANTINE",
    "SILVER",
    "SOURCES",
    "Column",
    "Contract",
    "Layer",
    "Pii",
    "Upgrade",
]
