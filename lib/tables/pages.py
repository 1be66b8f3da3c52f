"""What a lease needs of a storage: small files that change only from what the writer has read."""

from __future__ import annotations

import fcntl
import os
import re
from pathlib import Path
from typing import Any

from attrs import define, field, frozen
from py4j.protocol import Py4JJavaError

from lib.errors import Unavailable
from lib.run.lease import Page
from lib.tables.filesystem import Storage
from lib.tables.trouble import whole_story, writing

# Delta's own way to put a file that must not be there yet, by storage; all others make it under another name and
# rename it, which HDFS refuses where the file is.
_LOG_STORES = {"gs": "GCSLogStore", "abfs": "AzureLogStore", "abfss": "AzureLogStore", "wasb": "AzureLogStore",
               "wasbs": "AzureLogStore", "adl": "AzureLogStore"}  # fmt: skip
# States that are kept behind the newest, for a reader that has just listed them.
_KEPT = 20


def page_at(storage: Storage, relative: str) -> Page:
    """The page below the root that `storage` has."""
    scheme = storage.root.partition(":")[0]
    if scheme == "file":
        return LocalPage(storage.at(relative).removeprefix("file:"))
    if scheme in ("s3", "s3a"):
        from lib.tables.s3_page import S3Page  # boto3 only where it is needed

        return S3Page.at(storage, relative)
    return HadoopPage(storage, relative)


@frozen
class LocalPage:
    """A file of a local or shared disk, changed under the lock of a file beside it, which dies with its holder."""

    where: str

    def read(self) -> tuple[str, str] | None:
        """The text, which is its own mark."""
        try:
            text = Path(self.where).read_text("utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise self._unavailable(error) from error
        return text, text

    def write(self, text: str, seen: Any) -> bool:
        """Written aside and renamed over it: readers see it whole."""
        path = Path(self.where)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.with_name(f".{path.name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                if self.read() != (None if seen is None else (seen, seen)):
                    return False
                aside = path.with_name(f".{path.name}.new")
                aside.write_text(text, "utf-8")
                aside.replace(path)
                return True
        except OSError as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: OSError) -> Unavailable:
        return Unavailable(
            f"The lease of the tables cannot be written: {os.strerror(error.errno) if error.errno else error}",
            where=self.where,
            todo="may this user write there, and is there space? then run again",
        )


@define
class HadoopPage:
    """Any other storage that Spark reaches (HDFS, GCS, Azure): each state is a file of its own, numbered like the
    commits of Delta's log, and put there by the same code of Delta that puts those."""

    storage: Storage
    relative: str
    where: str = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.where = self.storage.at(self.relative)

    def read(self) -> tuple[str, int] | None:
        """The newest state, and its number."""
        for _ in range(_KEPT):
            numbers = self._numbers()
            if not numbers:
                return None
            try:
                return self.storage.read_text(self._named(numbers[-1])).rstrip("\n"), numbers[-1]
            except Py4JJavaError as error:
                if "FileNotFoundException" not in whole_story(error):
                    raise
        raise Unavailable("The lease of the tables changes all the time", where=self.where, todo="run again")

    def write(self, text: str, seen: Any) -> bool:
        """Put the next number, if nobody has."""
        number = 0 if seen is None else int(seen) + 1
        with writing(self.where):
            try:
                self._put(self._named(number), text)
            except Py4JJavaError as error:
                if "FileAlreadyExistsException" in whole_story(error):
                    return False
                raise
            numbers = self._numbers()
            # So far behind, our number had come and been swept away while we slept. Nearer, others went on from ours.
            if numbers[-1] - number >= _KEPT:
                self.storage.delete(self._named(number))
                return False
            for old in numbers[:-_KEPT]:
                self.storage.delete(self._named(old))
        return True

    def _put(self, relative: str, text: str) -> None:
        jvm: Any = self.storage.spark._jvm
        conf = self.storage.spark._jsparkSession.sessionState().newHadoopConf()
        kind = _LOG_STORES.get(self.where.partition(":")[0], "HDFSLogStore")
        lines = jvm.java.util.ArrayList()
        lines.extend(text.splitlines())
        path = jvm.org.apache.hadoop.fs.Path(self.storage.at(relative))
        path.getFileSystem(conf).mkdirs(path.getParent())
        getattr(jvm.io.delta.storage, kind)(conf).write(path, lines.iterator(), False, conf)

    def _named(self, number: int) -> str:
        return f"{self.relative}/{number:020}.json"

    def _numbers(self) -> list[int]:
        names = self.storage.children(self.relative)
        return [int(name.removesuffix(".json")) for name in names if re.fullmatch(r"[0-9]{20}\.json", name)]
