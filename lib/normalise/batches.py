"""Python functions over Spark columns, called once for each distinct value of a batch."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

from pyspark.sql import Column
from pyspark.sql import functions as F
from pyspark.sql import types as T

Plain = Callable[..., Any]


def batched(function: Plain, returns: T.DataType) -> Callable[..., Column]:
    """`function(text, ...)`, which returns a plain value, tuple or dict of the type `returns`, as a Spark function.

    Values travel in Arrow batches, and `function` is called for the distinct ones of a batch: names and places repeat.
    Where pandas or pyarrow is missing (some clusters), the same function runs as a plain UDF with a cache, slower.
    The function must neither raise nor depend on anything but its arguments. Spark never evaluates the column twice.
    """
    if importlib.util.find_spec("pyarrow") is None or importlib.util.find_spec("pandas") is None:
        return plain(function, returns)
    return _arrow(function, returns)


def plain(function: Plain, returns: T.DataType) -> Callable[..., Column]:
    """The same, one row at a time."""
    return F.udf(_remembering(function), returns).asNondeterministic()


def _arrow(function: Plain, returns: T.DataType) -> Callable[..., Column]:
    import pandas as pd
    from pyspark.sql.pandas.functions import pandas_udf

    def many(*columns: Any) -> Any:
        remembered = _remembering(function)
        rows = [remembered(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
        if isinstance(returns, T.StructType):
            return pd.DataFrame(rows, columns=returns.names, dtype=object)
        return pd.Series(rows, dtype=object)

    # Spark takes the kind of a pandas function from its annotations; the number of columns is open.
    many.__annotations__ = {"columns": pd.Series, "return": _frame_or_series(pd, returns)}
    made: Any = pandas_udf  # its types know no struct of unknown fields
    return made(many, returns).asNondeterministic()  # type: ignore[no-any-return]


def _frame_or_series(pd: Any, returns: T.DataType) -> Any:
    return pd.DataFrame if isinstance(returns, T.StructType) else pd.Series


def _remembering(function: Plain) -> Plain:
    """`function` with the answers of up to 65,536 distinct arguments kept."""
    answers: dict[tuple[Any, ...], Any] = {}

    def remembered(*arguments: Any) -> Any:
        try:
            return answers[arguments]
        except KeyError:
            if len(answers) >= 65_536:
                answers.clear()
            found = answers[arguments] = function(*arguments)
            return found

    return remembered
