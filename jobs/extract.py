"""extract: each source once into bronze, as it is, dated and stamped."""

from __future__ import annotations

from functools import partial

from attrs import frozen
from pyspark.sql import Observation
from pyspark.sql import functions as F

from lib.datasets import SOURCES, Contract
from lib.errors import Refused
from lib.run import faults
from lib.run.ledger import published_dates
from lib.run.run import Run
from lib.run.store import Scope
from lib.sources import read_source
from lib.tables.trouble import reading
from lib.transform.bronze import ARRIVAL, OUTSIDE, date_records, record_schema, stamp


@frozen
class Extracted:
    """How many records a source gave for the run's dates, for earlier ones that they re-open, and for others."""

    rows: int
    late: int
    outside: int


def extract(run: Run, names: list[str]) -> dict[str, Extracted]:
    """Read each source once and replace its partitions of bronze; a source that gives nothing meets its policy."""
    with run.stage("extract", ", ".join(names)):
        extracted = run.side_by_side(*[partial(extract_source, run, SOURCES[name]) for name in names])
    faults.reached("after_extract")
    return dict(zip(names, extracted, strict=True))


def extract_source(run: Run, contract: Contract) -> Extracted:
    """One source: read -> date -> bronze."""
    source = run.config.sources.given()[contract.name]
    records = read_source(run.spark, contract, source)
    if records is None:
        records = run.spark.createDataFrame([], record_schema(contract))
    day = contract.partition_by[0]
    late = published_dates(run, source.look_back_days) if contract.event_time else []
    dated = date_records(
        records,
        contract,
        source,
        run.window,
        max_days_after=run.config.limits.max_days_after_window,
        reopened=late,
    )
    seen = Observation()
    observed = dated.observe(
        seen,
        F.count_if(OUTSIDE).alias("outside"),
        F.count_if(~F.col(OUTSIDE) & (F.col(day) < F.lit(run.window.start))).alias("late"),
        F.count_if(F.concat_ws("", *contract.names).contains("\ufffd")).alias("unreadable"),
    )
    bronze = stamp(observed, contract, run_id=run.id, source=contract.name, ingested_at=F.lit(run.started_at))
    own: Scope = {day: run.window.dates if contract.event_time else [run.window.last]}
    scope: Scope = {day: [*late, *own[day]], ARRIVAL: own[day]} if contract.event_time else own
    with reading(contract.name, source.path):
        # An export that suddenly is empty must not wipe out what bronze holds of these days.
        if source.on_empty == "fail" and run.holds(contract, own) and dated.where(~F.col(OUTSIDE)).isEmpty():
            _meet_policy(run, contract.name, Extracted(0, 0, 0))
        published = run.replace(bronze, contract, scope)
    found = seen.get
    if found["unreadable"]:
        run.report.findings.append(
            f"{contract.name}: {found['unreadable']} records hold characters that are not in the source's encoding; "
            f"see sources.{contract.name}.options.encoding"
        )
    extracted = Extracted(published.rows - int(found["late"]), int(found["late"]), int(found["outside"]))
    _meet_policy(run, contract.name, extracted)
    return extracted


def _meet_policy(run: Run, name: str, extracted: Extracted) -> None:
    """No row is an outcome of its own, never a pass: fail, warn or allow, as `on_empty` says."""
    if extracted.rows:
        return
    policy = run.config.sources.given()[name].on_empty
    elsewhere = f"; it has {extracted.outside} rows of other dates" if extracted.outside else ""
    told = f"The source `{name}` has no rows for {run.window}{elsewhere}"
    if policy == "fail":
        raise Refused(
            told,
            where=run.config.sources.given()[name].path,
            todo=f"check the dates and the export; if this may be, set sources.{name}.on_empty to warn or allow",
        )
    if policy == "warn":
        run.report.findings.append(told)
