"""Source contract: orders, one row per order line, delivered at least once and updated in place."""

from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer, Pii, instant, money, text, whole
from lib.datasets.rules import Compare, Holds, InSet, NotNull, Range, RequiredWhen, Severity

ORDERS = Contract(
    name="orders",
    layer=Layer.BRONZE,
    version=1,
    grain="one order line as the source last told it",
    key=("order_id", "order_line_id"),
    partition_by=("business_date",),
    latest_by=("updated_at", "order_ts"),
    event_time="order_ts",
    columns=(
        text("order_id", "the order's number in the source", required=True),
        text("order_line_id", "the line within the order", required=True),
        instant("order_ts", "when the order was placed; its day in Asia/Kolkata is the business date", required=True),
        Column("updated_at", T.TimestampType(), "when the source last changed it; the latest wins", default="order_ts"),
        text("customer_id", "who ordered; missing gives segment Unknown", pii=Pii.PSEUDONYMOUS),
        text("product_id", "what was ordered; not in the catalogue gives category Unknown", required=True),
        whole("quantity", "units ordered; 0 only on a cancelled line", required=True),
        money("unit_price", "price of one unit before discount, INR; or give line_amount_inr"),
        money(
            "line_amount_inr",
            "the line's total before discount, INR, where the source states it: exact, and gives unit_price",
        ),
        Column("discount_percentage", T.DecimalType(5, 2), "discount on the line, per cent", default="0"),
        text("order_status", "PLACED, CONFIRMED, SHIPPED, DELIVERED, CANCELLED, RETURNED, FAILED", required=True),
        text("payment_method", "UPI, CREDIT_CARD, DEBIT_CARD, NET_BANKING, WALLET, COD, EMI"),
        text("payment_status", "APPROVED, PENDING, FAILED, REVIEW"),
        text("channel", "app, website, lite, seller, b2b"),
        text("delivery_name", "who receives the goods", pii=Pii.PERSONAL),
        text("delivery_phone", "the receiver's phone", pii=Pii.PERSONAL),
        text("delivery_address", "street address of the delivery", pii=Pii.PERSONAL),
        text("delivery_city", "city as written", pii=Pii.LOCATION),
        text("delivery_state", "state as written", pii=Pii.LOCATION),
        text("delivery_pincode", "postal index number as written", pii=Pii.LOCATION),
        instant("promised_ts", "when delivery was promised"),
        instant("delivered_ts", "when the goods were handed over"),
    ),
    rules=(
        NotNull(column="order_id"),
        NotNull(column="order_line_id"),
        NotNull(column="order_ts"),
        NotNull(column="product_id"),
        NotNull(column="quantity"),
        NotNull(column="order_status"),
        RequiredWhen(
            column="unit_price",
            condition="line_amount_inr IS NULL AND coalesce(order_status, '') <> 'CANCELLED'",
        ),
        Range(
            column="quantity",
            min="1",
            max="10000",
            when="NOT (quantity = 0 AND coalesce(order_status, '') = 'CANCELLED')",
        ),
        Range(column="unit_price", min="0", max="10000000"),
        Range(column="line_amount_inr", min="0"),
        Range(column="discount_percentage", min="0", max="100"),
        Holds(
            column="unit_price",
            name="unit_price_zero",
            expression="unit_price <> 0",
            message="is 0: a gift, or a price that was not known",
            severity=Severity.WARN,
        ),
        InSet(
            column="order_status",
            name="order_status_vocabulary",
            values=("PLACED", "CONFIRMED", "SHIPPED", "DELIVERED", "CANCELLED", "RETURNED", "FAILED"),
            severity=Severity.WARN,
        ),
        InSet(
            column="payment_method",
            name="payment_method_vocabulary",
            values=("UPI", "CREDIT_CARD", "DEBIT_CARD", "NET_BANKING", "WALLET", "COD", "EMI"),
            severity=Severity.WARN,
        ),
        Compare(column="delivered_ts", operator=">=", other="order_ts", severity=Severity.WARN),
        Holds(
            column="product_id",
            name="product_id_reference",
            expression="is_in_catalogue",
            message="is not in the catalogue: category Unknown",
            severity=Severity.WARN,
        ),
        Holds(
            column="delivery_pincode",
            name="delivery_pincode_valid",
            expression="pincode_status IN ('VALID', 'MISSING')",
            message="is not a PIN code of the place that the row names",
            severity=Severity.WARN,
        ),
    ),
)
