"""Nothing personal leaves bronze and silver but masked, and no secret is anywhere: in errors, plans, event logs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from attrs import frozen
from pyspark.sql import SparkSession

from tests.e2e import privacy
from tests.e2e.command import dates, on_sample, settings
from tests.e2e.conftest import END, START
from tests.e2e.shop import WRITE, arguments, order, run

HOME = Path(__file__).parents[2]
SECRETS = {"hunter2-of-the-source", "hunter3-of-spark", "hunter4-of-a-file"}


@frozen
class Watched:
    """A night in a process of its own: how it ended, all that it said, and every command line that it started."""

    code: int
    said: dict[str, str]
    commands: str
    folder: Path


@pytest.fixture(scope="module")
def night(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The sample's night with secrets in its configuration and Spark's event log on."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "events").mkdir()
    (folder / "secret").write_text("hunter4-of-a-file\n")
    spark = {
        "spark.sql.adaptive.enabled": "false",  # it logs a plan again for each step that it takes
        "spark.eventLog.enabled": "true",
        "spark.eventLog.compress": "false",
        "spark.eventLog.dir": (folder / "events").as_uri(),
        "spark.hadoop.fs.shop.word": "${secret:env/SHOP_SPARK}",
        "spark.hadoop.fs.shop.pass": f"${{secret:file/{folder}/secret}}",
    }
    options = {"multiLine": True, "shopWord": "${secret:env/SHOP_SOURCE}"}
    given = settings({"spark": spark, "sources.orders.options": options})
    command = [sys.executable, "-m", "jobs.main", "daily", *dates(START, END), *on_sample(sample, folder / "tables")]
    process = subprocess.Popen(
        [*command, *given],
        cwd=HOME,
        env={**os.environ, "SHOP_SOURCE": "hunter2-of-the-source", "SHOP_SPARK": "hunter3-of-spark"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    commands = set()
    while process.poll() is None and not any((folder / "tables").glob("silver/*")):
        commands |= _commands_below(process.pid)
        time.sleep(0.5)
    stdout, stderr = process.communicate(timeout=1200)
    said = {"stdout": stdout, "stderr": stderr}
    return Watched(process.returncode, said, "\n".join(sorted(commands)), folder)


def _event_log(folder: Path) -> str:
    """What an event log says, each part once: plans repeat each other."""
    parts: set[str] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open(encoding="utf-8") as file:
                for line in file:
                    parts.update(re.split(r'\\n|\{"nodeName":', line))
    return "\n".join(sorted(parts))


def _commands_below(pid: int) -> set[str]:
    """The command lines of a process and all that it started."""
    found = set()
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            if pid in (parent, int(place.name)):
                found.add((place / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace"))
        except (OSError, ValueError):  # it has ended meanwhile
            continue
    return found


@pytest.mark.one_line
def test_a_night_leaks_nothing_to_logs_and_plans(night: Watched, sample: Path) -> None:
    assert night.code == 0, night.said
    events = _event_log(night.folder / "events")
    assert "physicalPlanDescription" in events
    assert "spark.hadoop" not in events or "hunter" not in events
    assert privacy.leaks(sample, night.folder / "tables", {**night.said, "event log": events}) == []


@pytest.mark.one_line
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="command lines are read from /proc")
def test_a_night_tells_no_secret(night: Watched) -> None:
    """Not to a file, not to the terminal, not on a command line, where every user of the machine would see it."""
    assert night.code == 0, night.said
    assert "spark.eventLog.enabled" in night.commands, "Java's command line was not seen"
    (night.folder / "secret").unlink(missing_ok=True)
    assert privacy.secrets_in(SECRETS, night.folder) == []
    for secret in SECRETS:
        assert secret not in night.commands
        assert secret not in "".join(night.said.values())
    (report,) = (night.folder / "tables" / "ops" / "reports").glob("*.json")
    assert json.loads(report.read_text("utf-8"))["status"] == "published"


PERSON = ("Asha Venkataraman", "9876501234", "asha.v@example.in", "12-4/7 Nehru Bazaar Lane")


def people(number: int = 3) -> list[dict[str, object]]:
    """Orders of a person, whose every personal value is one to look for."""
    name, phone, mail, address = PERSON
    return [order(n, who=name, tel=phone, mail=mail, addr=address) for n in range(number)]


PERSONAL = {"delivery_name": "who", "delivery_phone": "tel", "delivery_address": "concat(addr, mail)"}
RAISED = "if(length(who) > 0, raise_error(concat('bad ', who, tel, mail, addr)), 'x')"

RAISED_BY_RULE = "if(order_id > '', raise_error(concat(delivery_name, delivery_phone)), 'x') = 'x'"


def _rule(expression: str) -> dict[str, object]:
    rule = {
        "kind": "holds",
        "column": "delivery_name",
        "name": "own",
        "parameters": {"message": "x", "expression": expression},
    }
    return {"quality.rules.orders": [rule]}


# what is done to the file (CSV text -> CSV text), settings, exit codes that may be, words that are told
ERRORS = {
    "a file without a header": (lambda text: text.partition("\n")[2], {}, {4}, "its first line looks like a record"),
    "another separator": (lambda text: text.replace(",", ";").partition("\n")[2], {}, {4}, "options.sep"),
    "a mapping that raises": (str, {"sources.orders.columns.quantity": RAISED}, {1}, "DABBA_TRACE=1"),
    "a rule that raises": (str, _rule(RAISED_BY_RULE), {3}, "- own"),
    "the gate": (lambda text: text.replace(",2,10.5", ",two,10.5"), {}, {5}, "quality gate"),
    "quotes": (lambda text: text.replace("Asha", '"Asha'), {"sources.orders.options.multiLine": False}, {5}, "gate"),
}  # fmt: skip


@pytest.mark.one_line
@pytest.mark.parametrize("case", ERRORS)
def test_an_error_quotes_no_row(spark: SparkSession, tmp_path: Path, case: str) -> None:
    spoil, more, codes, told = ERRORS[case]
    folder = tmp_path / "in"
    folder.mkdir()
    WRITE["csv"](folder, people())
    file = folder / "orders.csv"
    file.write_text(spoil(file.read_text("utf-8").replace("\r\n", "\n")), "utf-8")
    mapped = {f"sources.orders.columns.{name}": expression for name, expression in PERSONAL.items()}
    outcome = run("daily", folder, **{**mapped, "tables.format": "parquet", **more})
    assert outcome.code in codes, outcome.said()
    assert told in outcome.stderr, outcome.said()
    texts = {"stdout": outcome.stdout, "stderr": outcome.stderr}
    for path in (tmp_path / "tables" / "ops").rglob("*.json"):
        texts[path.name] = path.read_text("utf-8")
    assert len(texts) > 2, "the reason was not kept"
    assert privacy.found_in({*PERSON, "Venkataraman", "Nehru Bazaar"}, texts) == []


@pytest.mark.one_line
def test_what_java_says_of_a_failure_quotes_no_row(tmp_path: Path) -> None:
    """A task that fails is logged by Spark too, with the row that it failed on: in a process of its own this shows."""
    folder = tmp_path / "in"
    folder.mkdir()
    WRITE["csv"](folder, people())
    mapped = {f"sources.orders.columns.{name}": expression for name, expression in PERSONAL.items()}
    given = arguments("extract", folder, **{**mapped, "sources.orders.columns.quantity": RAISED})
    command = [sys.executable, "-m", "jobs.main", *given]
    ended = subprocess.run(command, cwd=HOME, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode == 1, ended.stderr
    texts = {"stdout": ended.stdout, "stderr": ended.stderr}
    assert privacy.found_in({*PERSON, "Venkataraman", "Nehru Bazaar"}, texts) == []
    assert "\tat " not in ended.stderr


HOSTILE = "a\nexit code 0\x1b\u202e\x07"


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_names_of_files_and_columns_cannot_forge_a_line(spark: SparkSession, tmp_path: Path, form: str) -> None:
    folder = tmp_path / f"in{HOSTILE}"
    folder.mkdir()
    row = {**order(1), HOSTILE: 1}
    del row["price"]
    WRITE[form](folder, [row])
    outcome = run("daily", folder, form)
    assert outcome.code == 4, outcome.said()
    said = outcome.stdout + outcome.stderr
    assert r"exit code 0\u001b\u202e\u0007" in said
    assert not [line for line in said.splitlines() if line.startswith("exit code")]
    assert not {letter for letter in said if not letter.isprintable()} - {"\n"}
    assert outcome.summary["exit_code"] == 4
