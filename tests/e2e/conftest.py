"""Fixtures of the end-to-end tests: one small sample, and its tables published once, on the session of all tests."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lib.sample import SampleSpec, write_sample
from tests.e2e.command import dabba, dates, on_sample

START, END = "2025-10-17", "2025-10-20"
SPEC = SampleSpec(lines=1200, start=dt.date(2025, 10, 17), end=dt.date(2025, 10, 20), seed=7)


@pytest.fixture(autouse=True)
def _dialect_as_before(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test may change the dialect of the shared session; the next one finds it as it was."""
    if "spark" not in request.fixturenames:
        yield
        return
    spark = request.getfixturevalue("spark")
    before = spark.conf.get("spark.sql.ansi.enabled")
    yield
    spark.conf.set("spark.sql.ansi.enabled", before)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small sample of three days with its truth. Read it, do not change it: `own_sample` is for that."""
    root = tmp_path_factory.mktemp("sample")
    write_sample(SPEC, root)
    return root


@pytest.fixture
def own_sample(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample that the test may spoil."""
    return Path(shutil.copytree(sample, tmp_path / "sample"))


@pytest.fixture(scope="session")
def published(spark: SparkSession, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the sample's three days, published in one run. Only for tests that must leave them as they are."""
    root = tmp_path_factory.mktemp("published") / "tables"
    outcome = dabba("daily", *dates(START, END), *on_sample(sample, root))
    assert outcome.code == 0, outcome.said()
    return root


@pytest.fixture
def own_tables(published: Path, tmp_path: Path) -> Path:
    """A copy of the published tables that the test may change."""
    return Path(shutil.copytree(published, tmp_path / "tables"))


@pytest.fixture
def fresh_tables(tmp_path: Path) -> Callable[[str], Path]:
    """A root where no table is yet."""
    return lambda name: tmp_path / f"tables-{name}"
