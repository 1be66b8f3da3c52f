"""Seeded sample data of an invented Indian retailer, with its truth; imports nothing else of `lib`."""

from __future__ import annotations

from lib.sample.spec import Proportions, SampleSpec, SampleSummary
from lib.sample.with_spark import write_sample_with_spark
from lib.sample.write import write_sample

__all__ = ["Proportions", "SampleSpec", "SampleSummary", "write_sample", "write_sample_with_spark"]
