"""Small files and renames on the storage of the tables, through Hadoop's FileSystem."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator
from datetime import date, datetime, timezone
from typing import Any

from attrs import frozen
from pyspark.sql import SparkSession

from lib.errors import Unavailable, one_line
from lib.tables.trouble import writing


@frozen
class File:
    """A file below a folder: where it lies in it, its name, its size, and when it was last changed."""

    folder: str
    name: str
    bytes: int
    changed_at: datetime

    @property
    def day(self) -> date | None:
        """The date that its folder names (`business_date=2025-10-20`)."""
        found = re.search(r"(?:\A|/)[a-z_]+_date=([0-9]{4}-[0-9]{2}-[0-9]{2})(?:/|\Z)", self.folder)
        return date.fromisoformat(found[1]) if found else None


@frozen
class Storage:
    """One root folder on any storage that Spark reaches; paths are relative to it."""

    spark: SparkSession
    root: str

    @classmethod
    def below(cls, spark: SparkSession, root: str) -> Storage:
        """The folder `root`, made absolute: Delta takes a relative path for the name of a schema."""
        jvm: Any = spark._jvm
        path = jvm.org.apache.hadoop.fs.Path(root)
        with writing(root):
            fs = path.getFileSystem(spark._jsparkSession.sessionState().newHadoopConf())
            return cls(spark, str(path.makeQualified(fs.getUri(), fs.getWorkingDirectory()).toString()))

    def at(self, relative: str) -> str:
        """The full path of something below the root."""
        # Run ids of orchestrators hold instants (manual__2025-10-18T03:00:00+05:30); Hadoop's paths take no colon.
        return f"{self.root.rstrip('/')}/{relative.replace(':', '_')}"

    def exists(self, relative: str) -> bool:
        """Whether a file or folder is there."""
        fs, path = self._open(relative)
        return bool(fs.exists(path))

    def children(self, relative: str) -> list[str]:
        """Names in a folder, sorted; none where it does not exist."""
        fs, path = self._open(relative)
        if not fs.exists(path):
            return []
        return sorted(status.getPath().getName() for status in fs.listStatus(path))

    def files(self, relative: str) -> Iterator[File]:
        """Every file below a folder, at any depth; not in folders whose names start with _, such as logs.

        Folder by folder: Hadoop's recursive listing fails where a file goes away meanwhile.
        """
        fs, top = self._open(relative)
        folders = [("", top)] if fs.exists(top) else []
        while folders:
            folder, path = folders.pop()
            for status in fs.listStatus(path):
                name = str(status.getPath().getName())
                if not status.isDirectory():
                    changed_at = datetime.fromtimestamp(status.getModificationTime() / 1000, timezone.utc)
                    yield File(folder, name, int(status.getLen()), changed_at)
                elif not name.startswith("_"):
                    folders.append((f"{folder}/{name}".lstrip("/"), status.getPath()))

    def write_json(self, relative: str, value: Any) -> str:
        """Write a JSON file under a temporary name, then rename it: it is there whole or not at all."""
        lines = json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False).split("\n")
        return self.write_text(relative, "\n".join(one_line(line) for line in lines) + "\n")

    def write_text(self, relative: str, text: str) -> str:
        """Write a text file, whole or not at all."""
        partial = f"{relative}.partial"
        fs, path = self._open(partial)
        stream = fs.create(path, True)
        try:
            stream.write(bytearray(text.encode()))
        finally:
            stream.close()
        self.delete(relative)
        self.rename(partial, relative)
        return self.at(relative)

    def read_json(self, relative: str) -> Any:
        """The content of a JSON file."""
        return json.loads(self.read_text(relative))

    def read_text(self, relative: str) -> str:
        """The content of a small text file."""
        fs, path = self._open(relative)
        stream = fs.open(path)
        try:
            return bytes(stream.readAllBytes()).decode()
        finally:
            stream.close()

    def first_line(self, relative: str, limit: int = 1 << 20) -> str:
        """The first line of a text file, of at most `limit` bytes."""
        fs, path = self._open(relative)
        stream = fs.open(path)
        try:
            return bytes(stream.readNBytes(limit)).decode("utf-8", "replace").partition("\n")[0]
        finally:
            stream.close()

    def rename(self, old: str, new: str) -> None:
        """Move a file or folder; the parent is made, and a failure raises."""
        fs, source = self._open(old)
        _, target = self._open(new)
        fs.mkdirs(target.getParent())
        if not fs.rename(source, target):
            raise Unavailable(
                "A rename failed", where=f"{self.at(old)} -> {self.at(new)}", todo="run the same date again"
            )

    def delete(self, relative: str) -> None:
        """Delete a file or a folder with all that is in it, if it is there."""
        fs, path = self._open(relative)
        fs.delete(path, True)

    def check_writable(self) -> None:
        """Raise Unavailable unless a file can be written below the root; leaves nothing behind, no folder either."""
        with writing(self.root):
            made = self._missing_folders()
            probe = f"_probe-{secrets.token_hex(4)}.json"  # another run may look at the same moment
            self.write_json(probe, {})
            self.delete(probe)
            fs, _ = self._open("")
            for folder in made:
                if not fs.listStatus(folder):
                    fs.delete(folder, False)

    def _missing_folders(self) -> list[Any]:
        """The root and the folders above it that do not exist yet, innermost first."""
        fs, path = self._open("")
        missing = []
        while path is not None and not fs.exists(path):
            missing.append(path)
            path = path.getParent()
        return missing

    def _open(self, relative: str) -> tuple[Any, Any]:
        jvm: Any = self.spark._jvm
        path = jvm.org.apache.hadoop.fs.Path(self.at(relative))
        return path.getFileSystem(self.spark._jsparkSession.sessionState().newHadoopConf()), path
