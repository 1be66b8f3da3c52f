"""The same job in DuckDB: SQL, Parquet out. Places by the same tables, without the finer steps of place.py."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd

from lib.config import Config
from lib.normalise.place import PlaceTables
from lib.normalise.place.keys import AROUND_NAME, LETTERS
from lib.transform.vocabulary import alias_key
from tests.bench.data import DAYS
from tests.bench.ours import config_for

_GRAINS = {
    "city_category_metrics": "business_date, state_code, city, category",
    "city_metrics": "business_date, state_code, city",
    "category_metrics": "business_date, category",
    "national_metrics": "business_date",
}
_UTC = "- INTERVAL 330 MINUTE"  # from Asia/Kolkata, which has no summer time
_LATEST = """
CREATE TABLE latest AS
WITH cleaned AS (
    SELECT {texts} FROM read_parquet('{source}/orders/*.parquet')
), typed AS (
    SELECT *, try_cast(order_time AS timestamp) {utc} AS order_ts,
        coalesce(try_cast(last_update AS timestamp), try_cast(order_time AS timestamp)) {utc} AS updated_at,
        try_cast(delivered_time AS timestamp) {utc} AS delivered_ts,
        try_cast(qty AS int) AS quantity, try_cast(unit_price AS decimal(18,2)) AS price,
        try_cast(discount_pct AS decimal(5,2)) AS percent
    FROM cleaned
)
SELECT * FROM typed
WHERE order_id IS NOT NULL AND line_no IS NOT NULL AND order_ts < TIMESTAMP '{end}' {utc}
QUALIFY row_number() OVER (PARTITION BY order_id, line_no ORDER BY updated_at DESC, order_ts DESC) = 1
"""
_SEGMENTS = """
CREATE TABLE segments AS
WITH typed AS (
    SELECT trim(customer_id) AS customer, nullif(trim(lifetime_orders), '') AS told,
        coalesce(try_cast(trim(updated_at) AS timestamp), try_cast(trim(registered_at) AS timestamp)) {utc} AS updated,
        try_cast(trim(registered_at) AS timestamp) {utc} AS registered,
        try_cast(try_cast(trim(lifetime_orders) AS double) AS int) AS orders
    FROM read_csv('{source}/customers.csv', header = true, all_varchar = true, quote = '"', escape = '"',
        ignore_errors = true)
    WHERE trim(customer_id) <> ''
    QUALIFY row_number() OVER (PARTITION BY customer, updated ORDER BY registered DESC NULLS LAST) = 1
), fit AS (
    SELECT *, row_number() OVER by_customer AS n, lead(updated) OVER by_customer AS next
    FROM typed WHERE orders >= 0 OR told IS NULL
    WINDOW by_customer AS (PARTITION BY customer ORDER BY updated)
)
SELECT customer, CASE WHEN n = 1 THEN least(updated, coalesce(registered, updated)) ELSE updated END AS since,
    coalesce(next, TIMESTAMP '9999-01-01') AS until,
    CASE WHEN orders > 50 THEN 'Premium' WHEN orders > 10 THEN 'Regular' WHEN orders >= 0 THEN 'New' ELSE 'Unknown' END
        AS segment
FROM fit
"""
_PRODUCTS = """
CREATE TABLE products AS
SELECT product_id, coalesce(v.word, trim(category_l1), 'Unknown') AS category
FROM (
    SELECT * FROM read_json('{source}/catalog.jsonl', format = 'newline_delimited', ignore_errors = true,
        columns = {{product_id: 'VARCHAR', category_l1: 'VARCHAR', mrp: 'VARCHAR', selling_price: 'VARCHAR',
            updated_at: 'VARCHAR', created_at: 'VARCHAR'}})
    WHERE product_id <> ''
    QUALIFY row_number() OVER
        (PARTITION BY product_id ORDER BY updated_at DESC NULLS LAST, created_at DESC NULLS LAST) = 1
) LEFT JOIN words v ON v.list = 'categories' AND v.key = {category_key}
WHERE try_cast(mrp AS decimal(18,2)) >= 0.01 AND try_cast(selling_price AS decimal(18,2)) >= 0.01
"""
_STOCK = """
CREATE TABLE stock AS
SELECT business_date, product_id, sum(on_hand - reserved)::bigint AS available
FROM (
    SELECT * FROM
        (SELECT unnest(generate_series(DATE '{first}', DATE '{end}' - 1, INTERVAL 1 DAY))::date AS business_date),
        (SELECT product_id, coalesce(warehouse_id, 'MAIN') AS warehouse, try_cast(on_hand AS bigint) AS on_hand,
            coalesce(try_cast(reserved AS bigint), 0) AS reserved, try_cast(event_ts AS timestamp) AS event_at,
            try_cast(sequence AS bigint) AS sequence
        FROM read_json('{source}/inventory.jsonl', format = 'newline_delimited', ignore_errors = true,
            columns = {{product_id: 'VARCHAR', warehouse_id: 'VARCHAR', on_hand: 'VARCHAR', reserved: 'VARCHAR',
                event_ts: 'VARCHAR', sequence: 'VARCHAR'}}))
    WHERE event_at < business_date + INTERVAL 1 DAY {utc} AND product_id <> '' AND on_hand >= 0 AND reserved >= 0
    QUALIFY row_number() OVER
        (PARTITION BY business_date, product_id, warehouse ORDER BY event_at DESC, sequence DESC) = 1
) GROUP BY ALL
"""
_SILVER = """
CREATE TABLE silver AS
WITH keyed AS (
    SELECT *, cast(order_ts + INTERVAL 330 MINUTE AS date) AS business_date,
        upper(replace(city, '&', ' AND ')) AS city_text,
        upper(replace(split_part(state, '/', 1), '&', 'AND')) AS state_text,
        regexp_extract(regexp_replace(pincode, '[\\s-]+|\\.0*$', '', 'g'), '^[1-9][0-9]{{5}}$') AS pin,
        round(quantity * price, 2)::decimal(18,2) AS gross_inr,
    FROM latest WHERE order_ts >= TIMESTAMP '{first}' {utc}
), placed AS (
    SELECT l.*, coalesce(b.state_code, p.state_code, s.state_code) AS told,
        regexp_replace(regexp_replace(split_part(city_text, ',', 1), '[^{letters}]+', '', 'g'), '{around}', '', 'g')
            AS city_key
    FROM keyed l LEFT JOIN prefixes p ON p.prefix = left(pin, 3) LEFT JOIN prefixes b ON b.prefix = pin
        LEFT JOIN states s ON s.key = regexp_replace(state_text, '[^{letters}]+', '', 'g')
)
SELECT order_id, line_no, l.business_date, order_ts, l.updated_at, customer_id, sku, quantity, price, percent,
    gross_inr, round(gross_inr * coalesce(percent, 0) * 0.01, 2)::decimal(18,2) AS discount_inr,
    gross_inr - discount_inr AS net_inr, coalesce(st.word, 'UNKNOWN') AS status,
    coalesce(pay.word, 'UNKNOWN') AS payment, coalesce(ch.word, 'unknown') AS channel,
    coalesce(c.state_code, o.state_code, told, 'Unknown') AS state_code,
    coalesce(c.name, o.name, nullif(city_key, ''), 'Unknown') AS city, coalesce(c.tier, o.tier, 'Tier 3') AS city_tier,
    pin, coalesce(category, 'Unknown') AS category, coalesce(segment, 'Unknown') AS segment, available,
    date_diff('minute', order_ts, delivered_ts) AS minutes,
    coalesce(st.word, '') NOT IN ('CANCELLED', 'FAILED') AS is_sale
FROM placed l LEFT JOIN cities c ON c.key = city_key AND c.state_code = told
    LEFT JOIN cities o ON o.key = city_key AND o.only AND told IS NULL
    LEFT JOIN words st ON st.list = 'statuses' AND st.key = {status_key}
    LEFT JOIN words pay ON pay.list = 'payment_methods' AND pay.key = {payment_key}
    LEFT JOIN words ch ON ch.list = 'channels' AND ch.key = {channel_key}
    LEFT JOIN products ON products.product_id = sku
    LEFT JOIN segments ON customer = customer_id AND order_ts >= since AND order_ts < until
    LEFT JOIN stock ON stock.product_id = sku AND stock.business_date = l.business_date
WHERE sku IS NOT NULL AND l.status IS NOT NULL AND quantity BETWEEN 0 AND 10000
    AND (quantity > 0 OR st.word = 'CANCELLED')
    AND CASE WHEN unit_price IS NULL THEN coalesce(st.word = 'CANCELLED', false)
        ELSE coalesce(price BETWEEN 0 AND 10000000, false) END
    AND (discount_pct IS NULL OR coalesce(percent BETWEEN 0 AND 100, false))
"""
_SALE = "FILTER (WHERE is_sale{})"
_MEASURES = ", ".join(
    [
        f"count(*) {_SALE.format('')} AS total_order_lines",
        f"sum(quantity) {_SALE.format('')} AS total_units",
        f"count(DISTINCT order_id) {_SALE.format('')} AS total_orders",
        f"sum(gross_inr) {_SALE.format('')} AS total_revenue_inr",
        f"sum(discount_inr) {_SALE.format('')} AS total_discounts_inr",
        f"sum(net_inr) {_SALE.format('')} AS net_revenue_inr",
        f"count(DISTINCT customer_id) {_SALE.format('')} AS unique_customers",
        "count(DISTINCT order_id) " + _SALE.format(" AND payment = 'COD'") + " AS cod_orders",
        *[
            f"{measure} {_SALE.format(condition)} AS {name}_{word.lower()}"
            for word in ("Premium", "Regular", "New", "Unknown")
            for condition in (f" AND segment = '{word}'",)
            for name, measure in (("orders", "count(DISTINCT order_id)"), ("revenue", "sum(net_inr)"))
        ],
        *[
            f"{measure} FILTER (WHERE status = '{word}') AS {word.lower()}_{name}"
            for word in ("RETURNED", "CANCELLED", "FAILED")
            for name, measure in (("lines", "count(*)"), ("revenue_inr", "sum(gross_inr)"))
        ],
        f"count(*) {_SALE.format(' AND available < quantity')} AS lines_out_of_stock_risk",
        f"count(*) {_SALE.format(' AND available IS NULL')} AS lines_stock_unknown",
        f"sum(minutes) {_SALE.format('')} AS delivery_minutes_sum",
    ]
)


def main(source: str, tables: str, memory: str) -> None:
    """Run the job with as much memory as the JVMs get, tell the totals."""
    Path(tables).mkdir(parents=True, exist_ok=True)
    db = duckdb.connect(config={"memory_limit": memory.upper() + "B", "temp_directory": f"{tables}/spill"})
    began = time.monotonic()
    _job(db, config_for(Path(source), tables), source, tables)
    seconds = time.monotonic() - began
    names = ("total_order_lines", "total_orders", "unique_customers", "total_revenue_inr", "net_revenue_inr")
    sums = ", ".join(f"sum({name})" for name in names)
    row = db.sql(f"SELECT {sums} FROM '{tables}/national_metrics.parquet'").fetchall()[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    told = {"seconds": seconds, "totals": dict(zip(names, map(str, row), strict=True)), "rss_mb": peak}
    sys.stdout.write(json.dumps(told) + "\n")


def _job(db: duckdb.DuckDBPyConnection, config: Config, source: str, tables: str) -> None:
    _reference(db, config)
    columns = [row[0] for row in db.sql(f"DESCRIBE SELECT * FROM read_parquet('{source}/orders/*.parquet')").fetchall()]
    nulls = "'', 'NULL', 'null', 'None', 'NaN', 'nan'"
    values = {
        "texts": ", ".join(f"CASE WHEN trim({n}) NOT IN ({nulls}) THEN trim({n}) END AS {n}" for n in columns),
        "source": source, "utc": _UTC, "first": DAYS[0], "end": DAYS[1], "letters": LETTERS,
        "around": AROUND_NAME.split("(?=")[0].replace("\\A", "^"),
        **{f"{name}_key": _key(column) for name, column in
           {"status": "status", "payment": "payment_mode", "channel": "channel", "category": "category_l1"}.items()},
    }  # fmt: skip
    for statement in (_LATEST, _SEGMENTS, _PRODUCTS, _STOCK, _SILVER):
        db.execute(statement.format(**values))
    db.execute(f"COPY silver TO '{tables}/order_lines' (FORMAT parquet, PARTITION_BY (business_date))")
    for name, keys in _GRAINS.items():
        db.execute(f"COPY (SELECT {keys}, {_MEASURES} FROM silver GROUP BY {keys}) TO '{tables}/{name}.parquet'")


def _key(column: str) -> str:
    return f"trim(regexp_replace(lower({column}), '[^a-z0-9]+', ' ', 'g'))"


def _reference(db: duckdb.DuckDBPyConnection, config: Config) -> None:
    """The tables of conf as tables."""
    places = PlaceTables.from_mappings(config.places.states, config.places.cities)
    lists = {name: getattr(config.business, name) for name in ("statuses", "payment_methods", "channels", "categories")}
    words = {(name, alias_key(word)): word for name, table in lists.items() for word in table.values()}
    words |= {(name, alias_key(alias)): word for name, table in lists.items() for alias, word in table.items()}
    by_key = places.cities_of_key().items()
    frames = {
        "words": [(name, key, word) for (name, key), word in words.items()],
        "cities": [(key, c.state_code, c.name, c.tier, len(found) == 1) for key, found in by_key for c in found],
        "states": list(places.state_of_key().items()),
        # A prefix that a border runs through belongs to the state of most of its PINs.
        "prefixes": list({r.prefix: r.state_code for r in sorted(places.pin_prefixes, key=lambda r: r.share)}.items()),
    }
    columns = {
        "words": ["list", "key", "word"],
        "cities": ["key", "state_code", "name", "tier", "only"],
        "states": ["key", "state_code"],
        "prefixes": ["prefix", "state_code"],
    }
    for name, rows in frames.items():
        db.register("frame", pd.DataFrame(rows, columns=columns[name]))
        db.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")


if __name__ == "__main__":
    main(*sys.argv[1:])
