"""Source contract: catalog, one row per product and version."""

from pyspark.sql import types as T

from lib.datasets.contract import (
    Column,
    Contract,
    Layer,
    Upgrade,
    flag,
    instant,
    money,
    operation,
    sequence,
    text,
)
from lib.datasets.rules import OPERATIONS, Compare, Holds, InSet, NotNull, Range, Severity

CATALOG = Contract(
    name="catalog",
    layer=Layer.BRONZE,
    version=2,
    grain="one version of a product as the source tells it",
    key=("product_id",),
    partition_by=("snapshot_date",),
    latest_by=("sequence", "updated_at", "created_at"),
    columns=(
        text("product_id", "the product's number (SKU)", required=True),
        text("product_name", "what customers read"),
        text("seller_id", "who sells it"),
        text("category_l1", "top of the category hierarchy; the category of the metrics"),
        text("category_l2", "second level"),
        text("category_l3", "third level"),
        text("brand", "brand as written"),
        money("mrp", "maximum retail price, INR"),
        money("selling_price", "present price, INR"),
        Column("discount_percentage", T.DecimalType(5, 2), "discount that the source states, per cent"),
        Column("rating", T.DecimalType(2, 1), "mean rating 0..5; null is not rated, never 0"),
        Column("review_count", T.LongType(), "number of reviews"),
        flag("is_assured", "the marketplace vouches for it"),
        instant("created_at", "when the product was listed"),
        instant("updated_at", "when the row last changed"),
        flag("deleted", "the source says that the product is gone"),
        operation(),
        sequence(),
    ),
    rules=(
        InSet(column="operation", name="operation_known", values=OPERATIONS),
        NotNull(column="product_id"),
        Range(column="mrp", min="0.01"),
        Range(column="selling_price", min="0.01"),
        Range(column="rating", min="0", max="5", severity=Severity.WARN),
        Compare(column="selling_price", operator="<=", other="mrp", severity=Severity.WARN),
        Holds(
            column="discount_percentage",
            name="discount_percentage_agrees",
            expression="abs(discount_percentage - computed_discount_percentage) <= 1",
            message="differs from the discount computed from mrp and selling_price by more than 1 point",
            severity=Severity.WARN,
        ),
        Holds(
            column="category_l1",
            name="category_l1_known",
            expression="category <> 'Unknown'",
            message="is not in the category table: category Unknown",
            severity=Severity.WARN,
        ),
    ),
    upgrades=(Upgrade(2, {"deleted": "NULL", "operation": "NULL", "sequence": "NULL"}),),
)
