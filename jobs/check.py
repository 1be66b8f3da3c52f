"""check: do the sources answer as mapped, can tables be written, do the reference tables cover the dates."""

from __future__ import annotations

from collections.abc import Iterator

from pyspark.sql import SparkSession

from lib.config import Config
from lib.datasets import ALL, SOURCES
from lib.errors import ConfigError, DabbaError, Unavailable
from lib.normalise.lookups import Lookups
from lib.quality import rules_of
from lib.run.window import Window
from lib.sources import open_source
from lib.tables import look_at_store
from lib.tables.filesystem import Storage


def check_run(spark: SparkSession, config: Config, window: Window) -> Iterator[str]:
    """One line for each thing that is right; raises one error that holds everything that is not."""
    problems: list[DabbaError] = []
    for name, source in config.sources.given().items():
        try:
            rules = rules_of(config, name)
            records = open_source(spark, SOURCES[name], source)
            found = "no data" if records.frame is None else f"{len(source.columns)} mapped columns"
            found += f", not used: {', '.join(records.unused)}" if records.unused else ""
            yield f"ok    source {name}: {source.format}, {found}, {len(rules)} rules"
        except DabbaError as error:
            problems.append(error)
    try:
        Storage.below(spark, config.tables.root).check_writable()
        look_at_store(spark, config.tables).check_tables(ALL)
        yield f"ok    tables below {config.tables.root}: writable, {config.tables.format}"
    except DabbaError as error:
        problems.append(error)
    try:
        places = Lookups.of(config).places
        yield f"ok    places: {len(places.states)} states, {len(places.cities)} cities"
    except ValueError as error:
        problems.append(ConfigError("The tables of places or addresses have mistakes", where=str(error)))
    years = {date[:4] for festival in config.calendar.festivals for date in festival.dates}
    missing = sorted({str(day.year) for day in window.dates} - years)
    yield (
        f"note  festivals: none known for {', '.join(missing)}; extend conf/festivals.yaml"
        if missing
        else "ok    festivals: the dates are covered"
    )
    if problems:
        kind = problems[0] if len({type(p) for p in problems}) == 1 else Unavailable("")
        raise type(kind)(f"{len(problems)} check{'s' if len(problems) > 1 else ''} failed", problems=problems)
