"""extract, of a source that is `read: new`: the files that no night has taken yet, and the watermark that says so.

The list of what was taken is a file, `ops/watermarks/SOURCE/NUMBER.json`; which number counts stands in bronze's own
commit. So the list changes with the rows, in the same moment, whatever dies when.
"""

from __future__ import annotations

from attrs import frozen

from lib.datasets import Contract
from lib.errors import Unavailable
from lib.run.run import Run
from lib.sources.storage import SourceFile, list_files
from lib.sources.taken import Taken


@frozen
class NewFiles:
    """The files that this run takes, and the watermark once it has: the list, and its number."""

    files: list[SourceFile]
    taken: Taken
    mark: int
    before: int


def new_files(run: Run, contract: Contract) -> NewFiles:
    """What the run takes of a source. No other run takes any of it until this one has ended."""
    source = run.config.sources.given()[contract.name]
    run.hold_new_files(contract.name)
    mark = run.store.mark(contract.path)
    before = _taken(run, contract, mark)
    there = list_files(run.spark, source.path, dataset=contract.name, at_least=0 if mark else 1)
    files = before.files_of(there, run.window, contract.name, source)
    keep_days = run.config.maintain.retention_days.bronze
    return NewFiles(files, before.after(files, there, run.window, keep_days), mark + 1, len(before.deliveries))


def write_list(run: Run, contract: Contract, news: NewFiles) -> None:
    """Write the list that bronze's next commit will name."""
    run.store.write_json(_list(contract, news.mark), news.taken.as_json())
    run.store.delete(_list(contract, news.mark - 2))  # the one before is what counts until that commit


def _taken(run: Run, contract: Contract, mark: int) -> Taken:
    stored = run.store.read_json(_list(contract, mark)) if mark else []
    if stored is None:
        raise Unavailable(
            f"The list of the files of `{contract.name}` that were taken is gone",
            where=run.store.at(_list(contract, mark)),
            todo=f"put it back, or set sources.{contract.name}.read to whole",
        )
    return Taken.of(stored)


def _list(contract: Contract, mark: int) -> str:
    return f"ops/watermarks/{contract.name}/{mark:06}.json"
