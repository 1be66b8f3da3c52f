"""Errors tell what happened, where, and what to do; one class for each exit code."""

from __future__ import annotations

import pytest
from pyspark.sql import functions as F

from lib.errors import ConfigError, DabbaError, Refused, Superseded, Unavailable, Unexpected, UsageError, one_line
from lib.run.accounting import Account, require_balance
from lib.sources import storage


@pytest.mark.parametrize(
    ("kind", "code", "name"),
    [
        (DabbaError, 1, "error"),
        (UsageError, 2, "usage"),
        (ConfigError, 3, "configuration"),
        (Unavailable, 4, "unavailable"),
        (Refused, 5, "refused"),
        (Superseded, 6, "superseded"),
    ],
)
def test_exit_codes(kind, code, name):
    assert issubclass(kind, DabbaError)
    assert (kind.exit_code, kind.kind) == (code, name)


def test_the_text_of_an_error():
    assert str(DabbaError("It broke")) == "It broke"
    assert str(Unavailable("No file", where="in/*.csv", todo="check the path")) == (
        "No file\n  where:      in/*.csv\n  what to do: check the path"
    )
    assert str(ConfigError("Two mistakes", problems=("a: x", "b: y"), where="--env prod")) == (
        "Two mistakes\n  where:      --env prod\n  - a: x\n  - b: y"
    )


def test_rows_that_add_up_pass():
    account = Account("orders", rows_in=13, rows_out=7, quarantined=2, duplicates=1, outside=99, deletions=3)
    assert account.balanced
    require_balance([account, Account("catalog", 0, 0, 0, 0)])


@pytest.mark.parametrize("lost", [-1, 1])
def test_rows_that_were_lost_or_doubled_stop_everything(lost):
    fine, wrong = Account("catalog", 3, 3, 0, 0), Account("orders", 10 + lost, 7, 2, 1)
    with pytest.raises(DabbaError, match="Rows do not add up; nothing was published") as caught:
        require_balance([fine, wrong])
    assert f"orders: {10 + lost} in, 7 out + 2 refused + 1 duplicates" in str(caught.value)
    assert "catalog" not in str(caught.value)
    assert caught.value.exit_code == 1


def test_the_cause_of_a_java_error_is_the_innermost_one(spark):
    with pytest.raises(Unavailable) as caught:
        storage.list_files(spark, "nosuchscheme://bucket/x", dataset="orders")
    assert "nosuchscheme" in str(caught.value)
    assert "\tat " not in str(caught.value), "no stack trace"


# what comes from outside -> what stands in a line
LINES = [
    (
        "Bengaluru, \u0939\u093f\u0928\u094d\u0926\u0940 \u20b9 1,299",
        "Bengaluru, \u0939\u093f\u0928\u094d\u0926\u0940 \u20b9 1,299",
    ),
    ("\u0d28\u0d4d\u200d\u200c", "\u0d28\u0d4d\u200d\u200c"),  # joiners are letters' business
    ("a\nexit code 0", r"a\nexit code 0"),
    ("a\r\tb", r"a\r\tb"),
    ("\x1b[32mdone\x1b[0m\x07\x08", r"\u001b[32mdone\u001b[0m\u0007\b"),
    ("\x00\x7f\x85\u2028\u2029", r"\u0000\u007f\u0085\u2028\u2029"),
    ("\u202etxt.exe\u2066\u200b\ufeff", r"\u202etxt.exe\u2066\u200b\ufeff"),
    ("\ud800 \U000e0041", r"\ud800 \udb40\udc41"),
    ("C:\\new", "C:\\new"),
]


@pytest.mark.parametrize(("given", "shown"), LINES)
def test_what_comes_from_outside_is_one_honest_line(given, shown):
    assert one_line(given) == shown
    told = str(Refused(given, where=given, todo=given, problems=[given]))
    assert told.count("\n") == 3
    assert told.startswith(f"{shown}\n  where:      {shown}\n  what to do: {shown}\n  - {shown}")
    one_line(told.replace("\n", " ")).encode()


def test_an_error_within_an_error_is_set_off():
    inner = Unavailable("No file", where="in", todo="look")
    assert str(ConfigError("Two", problems=["one", inner])) == (
        "Two\n  - one\n  - No file\n    where:      in\n    what to do: look"
    )


@pytest.fixture
def quoting(spark):
    """Errors of Spark, Java and Python workers whose messages quote a row of data."""

    def fails(value):
        raise ValueError(f"cannot parse {value}")

    broken = F.udf(fails, "string")
    name = spark.createDataFrame([("O'Asha Rao 98765\n43210",)], "name string")
    return {
        "a cast": lambda: name.select(F.expr("cast(name as int)")).collect(),
        "raise_error": lambda: name.select(F.expr("raise_error(concat('bad ', name))")).collect(),
        "a worker": lambda: name.select(broken("name")).collect(),
        "fail fast": lambda: name.select(F.from_json("name", "a int", {"mode": "FAILFAST"})).collect(),
        "python": lambda: int("O'Asha Rao 98765"),
        "a key": lambda: {}["Asha Rao"],
    }


@pytest.mark.parametrize("case", ["a cast", "raise_error", "a worker", "fail fast", "python", "a key"])
def test_an_unexpected_error_quotes_no_row(quoting, case, spark):
    spark.conf.set("spark.sql.ansi.enabled", "true")
    with pytest.raises(Exception) as caught:  # noqa: PT011  of any kind
        quoting[case]()
    told = str(Unexpected.of(caught.value))
    for personal in ("Asha", "Rao", "98765", "43210"):
        assert personal not in told
    assert type(caught.value).__name__ in told
    assert "DABBA_TRACE" in told
