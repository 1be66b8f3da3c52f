"""Erased customers: known by keyed hashes alone, and kept from coming back with the next export of a source."""

from __future__ import annotations

import hashlib
import hmac

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from lib.config.model import Privacy
from lib.datasets import Contract
from lib.errors import ConfigError
from lib.transform.cast import clean_text

CUSTOMER = "customer_id"
_LEAST = 32


def reveal_key(privacy: Privacy) -> str:
    """The key of the hashes; ConfigError where there is none, or one that could be guessed."""
    key = privacy.hash_key.reveal() if privacy.hash_key is not None else ""
    if len(key) < _LEAST:
        raise ConfigError(
            f"The key of the keyed hashes has {len(key)} characters; it needs {_LEAST}" if key else
            "There is no key for the keyed hashes of customers",
            where="privacy.hash_key",
            todo="set it to a secret, such as ${secret:env/DABBA_HASH_KEY}, and never change it: "
            "with another key, erased customers would come back from the sources",
        )  # fmt: skip
    return key


def customer_hash(key: str, customer_id: str) -> str:
    """Under which the audit table knows a customer: an HMAC, because a bare hash of a short number can be guessed."""
    return _keyed(key, f"customer:{customer_id}")


def pseudonym(key: str, customer_id: str) -> str:
    """What stands for an erased customer in orders: always the same, so that distinct customers are counted alike."""
    return "erased-" + _keyed(key, f"order:{customer_id}")[:32]


def is_about_the_customer(contract: Contract) -> bool:
    """Whether a row of the table tells of the customer, and of nothing else that must be kept."""
    return CUSTOMER in contract.key


def without_erased(
    records: DataFrame, contract: Contract, null_values: tuple[str, ...], erased: frozenset[str], key: str
) -> DataFrame:
    """A source's records without erased customers: rows about them are left out, orders keep no personal value.

    The hash is made in Python: as an expression of Spark's, its key would stand in every plan.
    """

    standing_for = F.udf(lambda customer_id: _standing_for(customer_id, erased, key), "string")
    cleaned = clean_text([CUSTOMER], null_values)[0]
    marked = records.withColumn("_pseudonym", standing_for(cleaned))
    if is_about_the_customer(contract):
        return marked.where(F.col("_pseudonym").isNull()).drop("_pseudonym")
    is_erased = F.col("_pseudonym").isNotNull()
    blanked = {name: F.when(~is_erased, F.col(name)) for name in contract.personal}
    return marked.withColumns({**blanked, CUSTOMER: F.coalesce("_pseudonym", CUSTOMER)}).drop("_pseudonym")


def _standing_for(customer_id: str | None, erased: frozenset[str], key: str) -> str | None:
    if customer_id is None or customer_hash(key, customer_id) not in erased:
        return None
    return pseudonym(key, customer_id)


def _keyed(key: str, text: str) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()
