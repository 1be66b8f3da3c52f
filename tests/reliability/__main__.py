"""python -m tests.reliability: docs/reliability.md from what the tests counted; `make reliability` runs them first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
from attrs import frozen

ROOT = Path(__file__).resolve().parents[2]
LEFT = ROOT / ".dabba" / "figures"  # by the fixture `figures` of tests/conftest.py, a file for each Spark line
FIGURES = Path(__file__).with_name("figures.json")
PAGE = ROOT / "docs" / "reliability.md"


@frozen
class Guarantee:
    """What a run guarantees, and the tests that fail without it: FILE below tests/, `::`, and the test."""

    name: str
    says: str
    proofs: tuple[str, ...]
    not_proved: str = ""


GUARANTEES = (
    Guarantee(
        "Atomic",
        "A reader sees a partition as it was or as it is, never a mix, whatever dies when.",
        (
            "e2e/test_faults.py::test_killed_at_every_point_of_every_table",
            "e2e/test_faults.py::test_a_process_that_gets_sigkill",
            "e2e/test_faults.py::test_raising_and_losing_answers_at_every_point_in_turn",
            "e2e/test_faults.py::test_a_swap_that_is_killed_at_any_move_is_completed_by_who_opens_the_tables_next",
            "unit/test_store.py::test_parquet_killed_anywhere_is_old_or_is_completed_by_who_comes_next",
        ),
        "Parquet: between the two renames of a swap a partition is missing; after a kill, until the next command opens "
        "the tables.",
    ),
    Guarantee(
        "Repeatable",
        "The same dates twice give the same rows, a corrected source the corrected rows; other dates stay as they are.",
        (
            "e2e/test_repeatable.py::test_content_is_that_of_the_committed_digest",
            "e2e/test_repeatable.py::test_the_same_dates_again_give_the_same_rows",
            "e2e/test_repeatable.py::test_a_correction_changes_its_own_line_and_its_own_date",
            "e2e/test_repeatable.py::test_the_order_of_rows_and_files_does_not_matter",
            "unit/test_store.py::test_a_run_that_is_repeated_under_its_id_appends_its_rows_once",
        ),
    ),
    Guarantee(
        "Accounted",
        "Rows in = rows out + quarantined + duplicates, per dataset, checked before publishing and kept in the ledger.",
        (
            "e2e/test_truth.py::test_every_row_is_accounted_for",
            "e2e/test_replay.py::test_mended_rows_come_into_silver_and_gold_once",
            "e2e/test_fuzz.py::test_csv",
            "e2e/test_fuzz.py::test_json_lines",
            "e2e/test_commands.py::test_the_ledger_holds_every_stage_account_and_table",
            "unit/test_errors.py::test_rows_that_were_lost_or_doubled_stop_everything",
            "unit/test_reconcile.py::test_a_cell_that_was_tampered_with_stops_everything",
        ),
    ),
    Guarantee(
        "Gated",
        "Bad rows never stop a run; too many of them do, before silver and gold change.",
        (
            "e2e/test_bad_input.py::test_too_many_bad_rows_meet_the_gate",
            "e2e/test_gate.py::test_a_share_at_the_boundary_passes_and_one_row_more_does_not",
            "e2e/test_processes.py::test_the_gate_ends_with_5",
            "unit/test_check.py::test_the_gate_is_inclusive",
        ),
    ),
    Guarantee(
        "One writer",
        "Two runs of one date: one publishes, the other waits or ends with 6; neither corrupts.",
        (
            "e2e/test_one_writer.py::test_of_runs_of_one_date_at_once_one_publishes_and_the_others_end_with_6",
            "e2e/test_one_writer.py::test_a_killed_holder_is_taken_over_after_its_time",
            "e2e/test_one_writer.py::test_a_holder_that_slept_past_its_time_and_wakes_publishes_nothing",
            "e2e/test_one_writer.py::test_whole_nights_of_one_date_and_of_another_at_once",
            "e2e/test_s3.py::test_on_s3_no_commit_is_lost_between_two_processes_and_without_the_lease_some_are",
            "unit/test_conflicts.py::test_a_run_whose_commit_another_overtook_publishes_all_the_same",
        ),
    ),
    Guarantee(
        "Watermarks move with the data",
        "What a table has taken of its source stands in the commit that holds the rows; nothing is skipped or doubled.",
        (
            "unit/test_watermark.py::test_rows_and_mark_come_together_or_not_at_all",
            "unit/test_watermark.py::test_the_mark_outlives_the_commit_that_set_it",
            "e2e/test_new_files.py::test_a_crash_between_two_tables_neither_skips_nor_repeats_rows",
            "e2e/test_new_files.py::test_new_files_night_by_night_give_what_reading_everything_every_night_gives",
        ),
        "Sources that are read whole have none: their runs take the dates that they are given.",
    ),
    Guarantee(
        "Nothing leaks",
        "No personal value outside bronze, silver and (masked) quarantine; no secret anywhere.",
        (
            "e2e/test_processes.py::test_nothing_personal_leaves_bronze_and_silver",
            "e2e/test_truth.py::test_nothing_personal_is_outside_bronze_and_silver",
            "e2e/test_privacy.py::test_a_night_leaks_nothing_to_logs_and_plans",
            "e2e/test_privacy.py::test_a_night_tells_no_secret",
            "e2e/test_privacy.py::test_an_error_quotes_no_row",
            "unit/test_quarantine.py::test_no_personal_value_is_in_the_record",
            "unit/test_config.py::test_secrets_are_references_that_are_never_printed",
        ),
    ),
    Guarantee(
        "The report comes last",
        "Its presence means published; it names the version of every table.",
        (
            "e2e/test_faults.py::test_a_process_that_gets_sigkill",
            "e2e/test_faults.py::test_raising_and_losing_answers_at_every_point_in_turn",
            "e2e/test_truth.py::test_the_report_names_the_version_of_every_table",
        ),
    ),
    Guarantee(
        "Both dialects",
        "The same results with ANSI on and off, on every supported Spark.",
        (
            "e2e/test_repeatable.py::test_the_other_dialect_gives_the_same_rows",
            "e2e/test_repeatable.py::test_content_is_that_of_the_committed_digest",
        ),
    ),
    Guarantee(
        "Late rows",
        "Rows that come late re-open the dates that they belong to, within the look-back, and the report says so.",
        (
            "e2e/test_late_rows.py::test_late_rows_change_their_own_dates_and_no_other",
            "unit/test_late.py::test_a_line_that_moves_leaves_its_old_date",
        ),
    ),
    Guarantee(
        "Empty is not success",
        "No rows from a source is a finding with its own policy, never a silent empty table.",
        (
            "e2e/test_gate.py::test_a_source_that_had_rows_and_has_none",
            "e2e/test_bad_input.py::test_a_date_without_data",
            "e2e/test_bad_input.py::test_an_empty_date_inside_a_range",
        ),
    ),
    Guarantee(
        "Ours only",
        "A run refuses to replace a table that another pipeline made.",
        (
            "unit/test_store.py::test_a_table_of_another_pipeline_is_refused_and_left_alone",
            "unit/test_store.py::test_a_table_of_another_contract_is_refused",
            "unit/test_store.py::test_an_append_that_is_killed_does_not_make_the_table_another_pipelines",
            "e2e/test_bad_input.py::test_a_table_of_somebody_else",
        ),
    ),
    Guarantee(
        "Changes in order, once",
        "Change files apply by their own number, in whatever order and however often they come; deletions stay.",
        (
            "e2e/test_changes.py::test_changes_night_after_night",
            "e2e/test_changes.py::test_products_and_customers_by_changes",
            "property/test_laws_of_changes.py::test_lines_are_as_if_changed_in_order",
            "property/test_laws_of_changes.py::test_history_is_as_if_told_in_order",
        ),
    ),
)

HEAD = """# Reliability

What a run guarantees, and the tests that fail when a guarantee is taken out. Written by `make reliability` from figures
that the tests count themselves; do not edit.
"""

HOW = """## How the faults are made

Production code passes *fault points* (`lib/run/faults.py`): after the extract; for every table before it stages its
rows, before and after its commit; before the report. There they do nothing. Tests put something else in their place:

- **A kill.** One run is copied, table by table, at every fault point, between Delta's files and its commit, and at
  every move of a Parquet swap. A copy is what SIGKILL leaves, whatever `finally` would have tidied up. Each copy is
  read, then the run is repeated on it. In one state each table stands at another point, as when they are written side
  by side.
- **An error** (`OSError` before a commit, a lost answer after it): each step of a night fails again and again, at each
  point of each table in turn, while a reader without Spark looks on; then it succeeds.
- **A process** with its JVM gets a real SIGKILL: at fault points, in the middle of a swap, and, stopped by a watcher,
  when a new file is there and its commit is not.

After each, the run is repeated with the same arguments and the same run id. Every table must hold the rows of an
undisturbed run, no one less and no one more; the ledger must hold the night once; the accounting must add up; and the
report must be there.

`make test` runs the kills in both formats and some of the processes; `make reliability` runs all, the errors at every
point and every process too.

## What is not proved

- The storage is a local disk. Object stores differ: see *One writer*, and docs/operations.md on Parquet.
- A machine that loses power may lose what its operating system had not yet written: no test pulls the plug.
- Executors do not die in these tests; Spark repeats their tasks.
- Parquet has no versions: who opens several tables while a night is published may see some old and some new.
"""


def page(figures: dict[str, dict[str, float]]) -> str:
    """The whole page; `figures` by Spark line."""
    return "\n".join([HEAD, *_guarantees(), *_figures(figures), HOW.rstrip()]) + "\n"


def _guarantees() -> Iterator[str]:
    yield "| | guarantee | proved by |"
    yield "|---|---|---|"
    for number, guarantee in enumerate(GUARANTEES, start=1):
        told = [f"`{proof}`" for proof in guarantee.proofs] + ([guarantee.not_proved] if guarantee.not_proved else [])
        yield f"| {number} | **{guarantee.name}.** {guarantee.says} | {'<br>'.join(told)} |"
    yield ""


def _figures(figures: dict[str, dict[str, float]]) -> Iterator[str]:
    lines = sorted(figures, reverse=True)
    yield "## Figures"
    yield ""
    yield f"| | {' | '.join(line.replace('spark-', 'Spark ') for line in lines)} |"
    yield f"|---|{'---:|' * len(lines)}"
    for name in dict.fromkeys(name for line in lines for name in figures[line]):
        yield f"| {name} | {' | '.join(_number(figures[line].get(name)) for line in lines)} |"
    yield ""


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,}"


@click.command()
@click.option("--tests", is_flag=True, help="Only list the tests that prove a guarantee, for pytest.")
def main(tests: bool) -> None:
    """Keep what the tests counted beside this module, and write the page."""
    if tests:
        proofs = dict.fromkeys(proof for guarantee in GUARANTEES for proof in guarantee.proofs)
        click.echo(" ".join(f"tests/{proof}" for proof in proofs))
        return
    found = {file.stem: json.loads(file.read_text("utf-8")) for file in LEFT.glob("*.json")}
    FIGURES.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", "utf-8")
    PAGE.write_text(page(found), "utf-8")


if __name__ == "__main__":
    main()
