"""Source contract: customers, one row per customer and version."""

from lib.datasets.contract import Contract, Layer, Pii, Upgrade, flag, instant, operation, sequence, text, whole
from lib.datasets.rules import OPERATIONS, InSet, NotNull, Range

CUSTOMERS = Contract(
    name="customers",
    layer=Layer.BRONZE,
    version=2,
    grain="one version of a customer as the source tells it",
    key=("customer_id", "updated_at"),
    partition_by=("snapshot_date",),
    latest_by=("sequence", "registered_at"),
    columns=(
        text("customer_id", "the customer's number", required=True, pii=Pii.PSEUDONYMOUS),
        text("full_name", "name as written", pii=Pii.PERSONAL),
        text("email", "e-mail as written", pii=Pii.PERSONAL),
        text("phone", "phone as written; a cell may hold several numbers", pii=Pii.PERSONAL),
        text("address", "postal address as written", pii=Pii.PERSONAL),
        text("city", "city as written", pii=Pii.LOCATION),
        text("state", "state as written", pii=Pii.LOCATION),
        text("pincode", "postal index number as written", pii=Pii.LOCATION),
        instant("registered_at", "when the customer registered"),
        whole("lifetime_orders", "orders ever placed; null when not known, never 0 instead"),
        instant("updated_at", "when the row last changed"),
        flag("deleted", "the source says that the customer is gone"),
        operation(),
        sequence(),
    ),
    rules=(
        InSet(column="operation", name="operation_known", values=OPERATIONS),
        NotNull(column="customer_id"),
        Range(column="lifetime_orders", min="0"),
    ),
    upgrades=(Upgrade(2, {"operation": "NULL", "sequence": "NULL"}),),
)
