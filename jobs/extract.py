"""extract: each source into bronze, as it is, dated and stamped; all of it, or its new files only."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from attrs import frozen
from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F

from jobs.new_files import NewFiles, new_files, write_list
from lib.datasets import AUDIT, SOURCES, Contract
from lib.errors import Refused
from lib.run import faults
from lib.run.ledger import published_dates, published_until
from lib.run.run import Run
from lib.run.store import Scope
from lib.sources import Records, open_source
from lib.sources.storage import damaged_file
from lib.tables.trouble import reading
from lib.transform.bronze import ARRIVAL, OUTSIDE, date_records, record_schema, stamp
from lib.transform.erased import CUSTOMER, reveal_key, without_erased


@frozen
class Opened:
    """The records of a source, not read yet; and where it is read by new files, which they are."""

    records: Records
    news: NewFiles | None = None


@frozen
class Extracted:
    """How many records a source gave for the run's dates, for earlier ones that they re-open, and for others."""

    rows: int
    late: int
    outside: int
    files: int | None = None  # how many new ones; None where it is read whole


def extract(run: Run, names: list[str]) -> dict[str, Extracted]:
    """Read each source once and replace its partitions of bronze; a source that gives nothing meets its policy."""
    with run.stage("extract", ", ".join(names)):
        # Every source is opened before any is written: one that has lost a column stops all of them.
        opened = run.side_by_side(*[partial(open_one, run, SOURCES[name]) for name in names])
        extracted = run.side_by_side(
            *[partial(extract_source, run, SOURCES[name], o) for name, o in zip(names, opened, strict=True)]
        )
    faults.reached("after_extract")
    return dict(zip(names, extracted, strict=True))


def open_one(run: Run, contract: Contract) -> Opened:
    """One source, not read yet. Columns that came or went since the last published run, and that conf does not use, are
    findings."""
    source = run.config.sources.given()[contract.name]
    news = new_files(run, contract) if source.read == "new" else None
    opened = open_source(run.spark, contract, source, news.files if news is not None else None)
    before = run.store.read_json(f"ops/sources/{contract.name}.json")
    known = before["columns"] if before else list(opened.columns)
    came = [name for name in opened.unused if name not in known]
    # JSON leaves out what is null: a key that today's head does not show is not gone.
    gone = [name for name in known if name not in opened.columns] if source.format != "json" else []
    for change, names in (("has new columns", came), ("no longer has the columns", gone)):
        if names and opened.columns:
            run.report.findings.append(
                f"The source {contract.name} {change} that conf does not use: {', '.join(names)}"
            )
    kept = known if source.format == "json" or not opened.columns else []
    run.report.source_columns[contract.name] = list(dict.fromkeys([*kept, *opened.columns]))
    return Opened(opened, news)


def extract_source(run: Run, contract: Contract, opened: Opened) -> Extracted:
    """One source: read -> date -> bronze.

    Of a source that is read whole, records of other dates are left for their own run, which reads them again. New files
    are read once, so all their records go into bronze: those of other dates wait there for their run.
    """
    source, news = run.config.sources.given()[contract.name], opened.news
    records = opened.records.frame
    if records is None:
        records = run.spark.createDataFrame([], record_schema(contract))
    records = leave_out_erased(run, contract, records)
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
    # Records that wait in bronze for a run of their date: of dates that are published, none may come.
    until = published_until(run) if news is not None and contract.event_time else None
    observed, seen = _observe(dated, contract, run.window.start, until)
    kept = observed if news is not None else observed.where(~F.col(OUTSIDE))
    bronze = stamp(kept, contract, run_id=run.id, source=contract.name, ingested_at=F.lit(run.started_at))
    own: Scope = {day: run.window.dates if contract.event_time else [run.window.last]}
    scope: Scope = {day: [*late, *own[day]], ARRIVAL: own[day]} if contract.event_time else own
    if news is not None:
        scope = own = {ARRIVAL if contract.event_time else day: run.window.dates}
        write_list(run, contract, news)
    with reading(contract.name, source.path, partial(damaged_file, run.spark, source.path)):
        # An export that suddenly is empty must not wipe out what bronze holds of these days.
        if source.on_empty == "fail" and run.holds(contract, own) and dated.where(~F.col(OUTSIDE)).isEmpty():
            _meet_policy(run, contract.name, Extracted(0, 0, 0))
        published = run.replace(bronze, contract, scope, news.mark if news is not None else None)
    found = seen.get
    if found["unreadable"]:
        run.report.findings.append(
            f"{contract.name}: {found['unreadable']} records hold characters that are not in the source's encoding; "
            f"see sources.{contract.name}.options.encoding"
        )
    late_rows, outside = int(found["late"]), int(found["outside"])
    if news is None:
        extracted = Extracted(published.rows - late_rows, late_rows, outside)
    else:
        extracted = Extracted(published.rows - late_rows - outside, late_rows, outside, len(news.files))
        _tell_taken(run, contract, news, found)
    _meet_policy(run, contract.name, extracted)
    return extracted


def _observe(dated: DataFrame, contract: Contract, start: date, until: date | None) -> tuple[DataFrame, Observation]:
    """The records, and what is counted as they pass. `overtaken` ones are of other dates before `until`."""
    day, seen = F.col(contract.partition_by[0]), Observation()
    overtaken = F.col(OUTSIDE) & (day < F.lit(until)) if until is not None else F.lit(False)
    observed = dated.observe(
        seen,
        F.count_if(OUTSIDE).alias("outside"),
        F.count_if(~F.col(OUTSIDE) & (day < F.lit(start))).alias("late"),
        F.count_if(overtaken).alias("overtaken"),
        F.min(F.when(overtaken, day)).alias("overtaken_from"),
        F.max(F.when(overtaken, day)).alias("overtaken_to"),
        F.count_if(F.concat_ws("", *contract.names).contains("\ufffd")).alias("unreadable"),
    )
    return observed, seen


def _tell_taken(run: Run, contract: Contract, news: NewFiles, found: dict[str, Any]) -> None:
    """What was taken, and which of its records no run will come for."""
    run.report.take(contract.name, len(news.files), news.before, waiting=int(found["outside"]))
    if found["overtaken"]:
        run.report.findings.append(
            f"{contract.name}: {found['overtaken']:,} of these are of {found['overtaken_from']} .. "
            f"{found['overtaken_to']}, until when runs have published: where they are new, run those dates again"
        )


def leave_out_erased(run: Run, contract: Contract, records: DataFrame) -> DataFrame:
    """Customers who were erased do not come back with the next export of a source that still tells of them."""
    audit = run.store.read(AUDIT.path) if CUSTOMER in contract.names else None
    hashes = audit.where("action = 'erase'").select("customer_hash").distinct().collect() if audit is not None else []
    if not hashes:
        return records
    run.report.findings.append(f"{contract.name}: customers who were erased ({len(hashes)}) are left out of bronze")
    null_values = run.config.sources.given()[contract.name].null_values
    erased = frozenset(row["customer_hash"] for row in hashes)
    return without_erased(records, contract, null_values, erased, reveal_key(run.config.privacy))


def _meet_policy(run: Run, name: str, extracted: Extracted) -> None:
    """No row is an outcome of its own, never a pass: fail, warn or allow, as `on_empty` says."""
    if extracted.rows:
        return
    policy = run.config.sources.given()[name].on_empty
    elsewhere = "; it has no new file" if extracted.files == 0 else ""
    elsewhere += f"; it has {extracted.outside} rows of other dates" if extracted.outside else ""
    told = f"The source `{name}` has no rows for {run.window}{elsewhere}"
    if policy == "fail":
        raise Refused(
            told,
            where=run.config.sources.given()[name].path,
            todo=f"check the dates and the export; if this may be, set sources.{name}.on_empty to warn or allow",
        )
    if policy == "warn":
        run.report.findings.append(told)
