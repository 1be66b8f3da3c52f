"""erase and export: one customer in every table (Digital Personal Data Protection Act 2023), with an audit row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from attrs import evolve

from jobs.maintain import nights_to_keep, tell_version
from lib.datasets import AUDIT
from lib.errors import UsageError
from lib.run.run import Run
from lib.tables.delta import DeltaStore
from lib.tables.filesystem import Storage
from lib.tables.person import (
    Person,
    Trace,
    erase_trace,
    purge_table,
    require_gone,
    rows_of,
    tables_with_people,
    traces,
    values_of,
)
from lib.tables.plain import require_free
from lib.transform.erased import customer_hash, pseudonym, reveal_key
from lib.version import code_version


def erase(run: Run, customer_id: str, reason: str, *, apply: bool, purge: bool) -> None:
    """Find the customer -> tell -> audit `begun` -> take out of every table -> look again -> audit `done`."""
    store = run.store
    if not isinstance(store, DeltaStore):
        raise UsageError(
            "A customer is erased from Delta tables only: a rewrite of plain Parquet could undo what a run publishes",
            where="tables.format",
            todo="publish with tables.format delta; or stop all jobs, and mend and publish the sources anew",
        )
    person = _person(run, customer_id)
    with run.stage("look", "every table"):
        found = traces(store, person)
    _show(run, found, "Erase" if apply else "Erase, dry run: nothing changes without --apply")
    if not apply:
        return
    nights = nights_to_keep(run)
    _audit(run, "erase", "begun", customer_id, found, reason)
    for trace in found:
        with run.stage("erase", trace.contract.path):
            erase_trace(store, trace, person, run.id)
            tell_version(run, trace.contract.path, nights, trace.rows + trace.malformed)
    require_gone(store, person)
    _audit(run, "erase", "done", customer_id, found, reason)
    if purge:
        _purge(run, store)
    else:
        gone = run.started_at + timedelta(hours=run.config.maintain.vacuum_hours)
        run.report.findings.append(
            f"older versions still hold these rows until `maintain --apply` runs after {gone:%Y-%m-%d %H:%M} UTC, "
            "or `erase` is repeated with --apply --purge"
        )
    run.report.findings.append(
        "extract leaves this customer out from now on; the sources, their backups and exports made before still hold "
        "what they hold"
    )


def export(run: Run, customer_id: str, reason: str, output: str) -> None:
    """Find the customer -> one file of JSON lines for each table -> audit."""
    folder = Storage.below(run.spark, output)
    require_free(folder, overwrite=False)
    person = _person(run, customer_id)
    with run.stage("look", "every table"):
        found = traces(run.store, person)
    _show(run, found, "Export")
    for trace in found:
        name = trace.contract.path.replace("/", ".")
        folder.write_text(f"{name}.jsonl", "".join(f"{row}\n" for row in rows_of(run.store, trace, person)))
    _audit(run, "export", "done", customer_id, found, reason)
    run.report.findings.append(f"written to {folder.root}: personal data, not kept track of from here on")


def _person(run: Run, customer_id: str) -> Person:
    cleaned = customer_id.strip()
    if not cleaned:
        raise UsageError("The customer's number is empty", where="--customer-id")
    person = Person(cleaned, pseudonym(reveal_key(run.config.privacy), cleaned))
    return evolve(person, values=values_of(run.store, person))


def _show(run: Run, found: Sequence[Trace], title: str) -> None:
    rows = [(trace.contract.path, trace.rows, trace.malformed) for trace in found]
    if rows:
        run.terminal.table(title, ("table", "rows", "in broken records"), rows)
    else:
        run.terminal.note(f"{title}; no table holds anything of this customer")


def _audit(run: Run, action: str, state: str, customer_id: str, found: Sequence[Trace], reason: str) -> None:
    row = {
        "run_id": run.id,
        "action": action,
        "state": state,
        "customer_hash": customer_hash(reveal_key(run.config.privacy), customer_id.strip()),
        "touched": [{"table": trace.contract.path, "rows": trace.rows + trace.malformed} for trace in found],
        "reason": reason or None,
        "at": run.started_at,
        "code_version": code_version(),
    }
    run.store.append(run.spark.createDataFrame([row], AUDIT.schema).coalesce(1), AUDIT, run.id)


def _purge(run: Run, store: DeltaStore) -> None:
    """Delete the files that held the customer, with every other one that only older versions name."""
    with run.stage("purge", "files of older versions"):
        counts = [purge_table(store, contract) for contract in tables_with_people()]
    deleted, dead = (sum(numbers) for numbers in zip(*counts, strict=True))
    run.report.findings.append(f"{deleted} files of older versions were deleted: older nights can no longer be read")
    if dead:
        run.report.findings.append(f"{dead} files that no version ever named are left for `maintain --apply`")
