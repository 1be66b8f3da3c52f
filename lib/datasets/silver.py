"""Silver contracts: conformed, validated, one row per key."""

from pyspark.sql import types as T

from lib.datasets.contract import Column, Contract, Layer, Pii, count, day, flag, instant, money, text, whole

_WARNINGS = Column("warnings", T.ArrayType(T.StringType()), "names of the rules that warn about this row; never null")

ORDER_LINES = Contract(
    name="order_lines",
    layer=Layer.SILVER,
    version=1,
    grain="one order line in its latest state",
    key=("order_id", "order_line_id"),
    partition_by=("business_date",),
    columns=(
        text("order_id", "the order's number in the source"),
        text("order_line_id", "the line within the order"),
        day("business_date", "the day of order_ts in Asia/Kolkata"),
        instant("order_ts", "when the order was placed, UTC"),
        instant("updated_at", "when the source last changed the row, UTC"),
        text("customer_id", "who ordered", pii=Pii.PSEUDONYMOUS),
        text("customer_segment", "Premium, Regular, New by lifetime orders as known on the business date, or Unknown"),
        text("product_id", "what was ordered"),
        text("category", "canonical category of the product, or Unknown"),
        whole("quantity", "units"),
        money("unit_price", "price of one unit before discount, INR"),
        Column("discount_percentage", T.DecimalType(5, 2), "discount on the line, per cent"),
        money("gross_inr", "round(quantity * unit_price, 2), or the total that the source states; null if not known"),
        money("discount_inr", "round(gross_inr * discount_percentage / 100, 2)"),
        money("net_inr", "gross_inr - discount_inr"),
        text("order_status", "PLACED, CONFIRMED, SHIPPED, DELIVERED, CANCELLED, RETURNED, FAILED or UNKNOWN"),
        flag("is_sale", "status is not CANCELLED or FAILED, and the line is not held for review by conf"),
        flag("is_return", "status is RETURNED"),
        text(
            "payment_method", "UPI, CREDIT_CARD, DEBIT_CARD, NET_BANKING, WALLET, COD, EMI or UNKNOWN; null not given"
        ),
        text("payment_status", "APPROVED, PENDING, FAILED, REVIEW or UNKNOWN; null not given"),
        flag("needs_review", "prepaid by card or net banking above business.review.above_inr"),
        text("channel", "app, website, lite, seller, b2b or unknown"),
        text("city", "canonical city of the delivery, or Unknown", pii=Pii.LOCATION),
        text("state_code", "ISO 3166-2:IN code of the state, or Unknown"),
        text("city_tier", "Tier 1, Tier 2, Tier 3 (house-rent classes X, Y, the rest) or Unknown"),
        text("city_source", "what the city was told by: city, pincode, unknown"),
        text("pincode", "six digits, or null", pii=Pii.LOCATION),
        text("pincode_status", "VALID, UNKNOWN, STATE_MISMATCH, BAD_FORMAT, MISSING"),
        text("stock_status", "Out_Of_Stock_Risk, Low_Stock, In_Stock or Unknown, on the business date"),
        Column("delivery_minutes", T.LongType(), "minutes from order to delivery; null until delivered"),
        flag("is_on_time", "delivered by promised_ts; null where either is not known"),
        _WARNINGS,
    ),
)

PRODUCTS = Contract(
    name="products",
    layer=Layer.SILVER,
    version=1,
    grain="the latest version of a product",
    key=("product_id",),
    columns=(
        text("product_id", "the product's number (SKU)"),
        text("product_name", "trimmed, spaces collapsed"),
        text("seller_id", "who sells it"),
        text("category", "canonical category of category_l1, or Unknown"),
        text("category_l1", "as written, spaces collapsed"),
        text("category_l2", "as written, spaces collapsed"),
        text("category_l3", "as written, spaces collapsed"),
        text("brand", "trimmed, spaces collapsed"),
        money("mrp", "maximum retail price, INR"),
        money("selling_price", "present price, INR"),
        Column("discount_percentage", T.DecimalType(5, 2), "discount that the source states, per cent"),
        Column(
            "computed_discount_percentage",
            T.DecimalType(9, 2),
            "100 * (mrp - selling_price) / mrp; null where either is missing",
        ),
        Column("rating", T.DecimalType(2, 1), "mean rating; null is not rated"),
        Column("review_count", T.LongType(), "number of reviews"),
        flag("is_assured", "the marketplace vouches for it"),
        instant("created_at", "when the product was listed, UTC"),
        instant("updated_at", "when the row last changed, UTC"),
        _WARNINGS,
    ),
)

CUSTOMER_VERSIONS = Contract(
    name="customers",
    layer=Layer.SILVER,
    version=1,
    grain="one version of a customer: true from valid_from until valid_to",
    key=("customer_id", "valid_from"),
    columns=(
        text("customer_id", "the customer's number", pii=Pii.PSEUDONYMOUS),
        instant("valid_from", "from when (inclusive) this version is true, UTC"),
        instant("valid_to", "until when (exclusive); null while it is the current one"),
        flag("is_current", "exactly one version of a customer is"),
        text("full_name", "trimmed, spaces collapsed", pii=Pii.PERSONAL),
        text("email", "trimmed, lower case", pii=Pii.PERSONAL),
        text("phone", "as written, trimmed", pii=Pii.PERSONAL),
        text("address", "as written, spaces collapsed", pii=Pii.PERSONAL),
        text("city", "canonical city, or Unknown", pii=Pii.LOCATION),
        text("state_code", "ISO 3166-2:IN code of the state, or Unknown"),
        text("city_tier", "Tier 1, Tier 2, Tier 3 or Unknown"),
        text("pincode", "six digits, or null", pii=Pii.LOCATION),
        text("segment", "Premium, Regular, New by lifetime orders; Unknown where not known"),
        whole("lifetime_orders", "orders ever placed, as told; null when not known"),
        instant("registered_at", "when the customer registered, UTC"),
        instant("updated_at", "when the source changed the row that opened this version, UTC"),
        flag("deleted", "the source says that the customer is gone"),
    ),
    notes="A version opens only where a conformed value changed; half-open intervals never overlap.",
)

INVENTORY_SNAPSHOT = Contract(
    name="inventory_snapshot",
    layer=Layer.SILVER,
    version=1,
    grain="stock of a product in a warehouse at the end of a day",
    key=("snapshot_date", "product_id", "warehouse_id"),
    partition_by=("snapshot_date",),
    columns=(
        day("snapshot_date", "the day whose end it describes, Asia/Kolkata"),
        text("product_id", "the product's number (SKU)"),
        text("warehouse_id", "the warehouse"),
        text("warehouse_city", "city of the warehouse as written", pii=Pii.LOCATION),
        count("on_hand", "units in the warehouse"),
        count("reserved", "units promised to orders"),
        Column("available", T.LongType(), "on_hand - reserved; negative when oversold"),
        instant("as_of_ts", "the event that the row comes from, UTC"),
        flag("is_stale", "that event is older than business.stock.stale_after_days"),
        _WARNINGS,
    ),
)
