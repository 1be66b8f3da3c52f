"""Source contract: inventory, an event log per product and warehouse."""

from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer, Pii, text
from lib.datasets.rules import Holds, NotNull, Range, Severity

INVENTORY = Contract(
    name="inventory",
    layer=Layer.BRONZE,
    version=1,
    grain="one stock event of a product in a warehouse",
    key=("product_id", "warehouse_id", "event_ts", "sequence"),
    partition_by=("snapshot_date",),
    columns=(
        text("product_id", "the product's number (SKU)", required=True),
        Column("warehouse_id", T.StringType(), "the warehouse; a list without one is one warehouse", default="MAIN"),
        text("warehouse_city", "city of the warehouse", pii=Pii.LOCATION),
        Column("on_hand", T.LongType(), "units in the warehouse", required=True),
        Column("reserved", T.LongType(), "units promised to orders", default="0"),
        Column(
            "event_ts",
            T.TimestampType(),
            "when the stock was so; a list without times counts as the state at the start of the run's window",
        ),
        Column("sequence", T.LongType(), "a number that grows (a broker's offset); orders events of one instant"),
    ),
    rules=(
        NotNull(column="product_id"),
        NotNull(column="on_hand"),
        Range(column="on_hand", min="0", severity=Severity.WARN),
        Holds(
            column="reserved",
            name="available_negative",
            expression="on_hand - reserved >= 0",
            message="is more than there is on hand",
            severity=Severity.WARN,
        ),
    ),
)
