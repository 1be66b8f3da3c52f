"""Errors tell what happened, where, and what to do; one class for each exit code."""

from __future__ import annotations

import pytest

from lib.errors import ConfigError, DabbaError, Refused, Superseded, Unavailable, UsageError
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
    account = Account("orders", rows_in=10, rows_out=7, quarantined=2, duplicates=1, outside=99)
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
