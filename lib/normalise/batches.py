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
    remembered = _remembering(function)

    def one(*values: Any) -> Any:
        # Spark 3.5 hands binary values over as bytearray, which no cache takes as a key.
        return remembered(*(bytes(value) if isinstance(value, bytearray) else value for value in values))

    return F.udf(one, returns).asNondeterministic()


def _arrow(function: Plain, returns: T.DataType) -> Callable[..., Column]:
    import pandas as pd
    import pyarrow as pa
    from pyspark.sql.pandas.functions import pandas_udf
    from pyspark.sql.pandas.types import to_arrow_type

    # Each distinct answer is built once and spread over its rows by Arrow: a third of the time of building every row.
    kinds = to_arrow_type(returns)

    def spread(answers: list[Any], kind: Any, numbers: Any) -> Any:
        if pa.types.is_nested(kind):  # Spark's way from pandas to Arrow takes lists and structs as objects only
            return pd.Series([answers[number] for number in numbers], dtype=object)
        return pd.arrays.ArrowExtensionArray(pa.array(answers, kind).take(pa.array(numbers)))

    def many(*columns: Any) -> Any:
        numbers, distinct = _distinct(pd, pa, columns)
        answers = [function(*row) for row in distinct]
        if not isinstance(returns, T.StructType):
            return pd.Series(spread(answers, kinds, numbers))
        tuples = [tuple(map(a.get, returns.names)) if isinstance(a, dict) else a for a in answers]
        fields = zip(*tuples, strict=True) if tuples else [()] * len(returns)
        return pd.DataFrame(
            {kind.name: spread(list(field), kind.type, numbers) for field, kind in zip(fields, kinds, strict=True)}
        )

    # Spark takes the kind of a pandas function from its annotations; the number of columns is open.
    many.__annotations__ = {"columns": pd.Series, "return": _frame_or_series(pd, returns)}
    made: Any = pandas_udf  # its types know no struct of unknown fields
    return made(many, returns).asNondeterministic()  # type: ignore[no-any-return]


def _distinct(pd: Any, pa: Any, columns: tuple[Any, ...]) -> tuple[Any, list[tuple[Any, ...]]]:
    """For each row the number of its values among the distinct ones, and these.

    Arrow finds them: pandas takes texts that differ after a NUL for one.
    """
    numbers, values = _encoded(pa, columns[0])
    rows = [(value,) for value in values]
    for column in columns[1:]:
        more, second = _encoded(pa, column)
        numbers, pairs = pd.factorize(numbers * len(second) + more)
        rows = [(*rows[pair // len(second)], second[pair % len(second)]) for pair in pairs.tolist()]
    return numbers, rows


def _encoded(pa: Any, column: Any) -> tuple[Any, list[Any]]:
    encoded = pa.array(column, from_pandas=True).dictionary_encode(null_encoding="encode")
    return encoded.indices.to_numpy().astype("int64"), encoded.dictionary.to_pylist()


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
