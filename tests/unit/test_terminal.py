"""The terminal and the last line: what data says cannot look like what dabba says, and JSON stays JSON."""

from __future__ import annotations

import json

import pytest

from lib.errors import Refused, Unavailable
from lib.run.accounting import Account
from lib.run.report import Report
from lib.run.terminal import Terminal
from lib.tables.filesystem import Storage

FORGED = "x " * 70 + 'done\n{"status": "published"}\r\x1b[2K\u202e\u2028[red]y[/red]'


def controls(text):
    return {letter for letter in text if letter != "\n" and not letter.isprintable()}


def test_nothing_that_is_shown_can_be_forged(capsys):
    report = Report(findings=[FORGED], refusals={"orders": {FORGED: 3}})
    report.accounts["orders"] = Account("orders", 4, 1, 3, 0)
    terminal = Terminal()
    with terminal.stage("extract", FORGED):
        pass
    terminal.note(f"ok {FORGED}")
    terminal.fail(Refused(FORGED, where=FORGED, problems=[FORGED]))
    terminal.show(report, f"daily {FORGED}")
    terminal.close({"message": FORGED, "exit_code": 5})
    said = capsys.readouterr()
    assert controls(said.out + said.err) == set()
    lines = (said.out + said.err).splitlines()
    assert not [line for line in lines if line.startswith(('{"status"', "x ", "done\\n"))]
    assert "[red]y[/red]" in said.out
    assert json.loads(said.out.splitlines()[-1]) == {"message": FORGED, "exit_code": 5}


@pytest.mark.parametrize("deletions", [0, 7])
def test_deletions_are_shown_where_there_are_any(capsys, deletions):
    report = Report()
    report.accounts["orders"] = Account("orders", 9 + deletions, 9, 0, 0, deletions=deletions)
    Terminal().show(report, "daily")
    said = capsys.readouterr().out
    assert ("deleted" in said) == bool(deletions)


@pytest.mark.parametrize("letter", ["x", "\u0939", "\u202e", "\n"])
def test_the_last_line_is_json_under_4_kb(capsys, letter):
    tables = [{"table": f"gold/{number}", "version": 1, "rows": 2} for number in range(40)]
    Terminal().close({"tables": tables, "message": letter * 1500, "exit_code": 4})
    line = capsys.readouterr().out.rstrip("\n")
    assert len(line.encode()) < 4096
    last = json.loads(line)
    assert last["exit_code"] == 4
    assert set(last["message"]) == {letter}


def test_a_report_holds_what_was_said_and_no_control(spark, tmp_path):
    storage = Storage.below(spark, str(tmp_path))
    given = {"findings": [FORGED, "half \ud800"], "error": str(Unavailable(FORGED))}
    storage.write_json("ops/x.json", given)
    written = (tmp_path / "ops" / "x.json").read_text("utf-8")
    assert controls(written) == set()
    assert json.loads(written) == given
