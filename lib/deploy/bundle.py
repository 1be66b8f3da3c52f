"""Builds what a cluster needs of this project: one zip of lib, jobs, conf and their pure-Python dependencies.

Beside the zip lies `main.py`, a copy of jobs/main.py in a folder of its own: Spark puts a script's folder on
the path, and the modules of jobs/ (`profile`, for one) would hide the standard library's. It imports nothing
but the standard library, so that any Python can run it: `python bundle.py CHECKOUT VENDOR OUT`.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

#: A zip's earliest moment: the same sources give the same bytes, whenever they were built.
EPOCH = (1980, 1, 1, 0, 0, 0)
#: Compiled code fits one platform only; each vendored package works without its own.
SKIPPED_SUFFIXES = frozenset({".pyc", ".pyi", ".so", ".dylib", ".pyd"})
SKIPPED_FOLDERS = frozenset({"__pycache__", "bin", "tests"})
#: Of a dependency's metadata only what `importlib.metadata` reads.
KEPT_METADATA = frozenset({"METADATA", "entry_points.txt"})


def members(checkout: Path, vendor: Path) -> Iterator[tuple[str, Path]]:
    """The files of the bundle as (name in the zip, path); conf becomes `lib/conf`, as when installed."""
    for root, prefix in (
        (checkout / "lib", "lib/"),
        (checkout / "jobs", "jobs/"),
        (checkout / "conf", "lib/conf/"),
        (vendor, ""),
    ):
        for path in sorted(root.rglob("*")):
            within = path.relative_to(root)
            if not path.is_file() or path.suffix in SKIPPED_SUFFIXES or SKIPPED_FOLDERS & set(within.parts[:-1]):
                continue
            if within.parts[0].endswith(".dist-info") and path.name not in KEPT_METADATA:
                continue
            if prefix or not path.name.startswith("."):
                yield prefix + within.as_posix(), path


def fingerprint(files: list[tuple[str, Path]]) -> str:
    """Changes when a file came, went or was written; reads no contents, so that asking is cheap."""
    digest = hashlib.sha256()
    for name, path in files:
        stat = path.stat()
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def write_zip(files: list[tuple[str, Path]], target: Path) -> None:
    """A zip whose bytes depend on the names and contents of the files alone; appears whole or not at all."""
    unfinished = target.with_suffix(".new")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, path in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            bundle.writestr(entry, path.read_bytes())
    unfinished.replace(target)


def build(checkout: Path, vendor: Path, out: Path) -> Path:
    """Makes `out/dabba.zip` and `out/main.py` unless they are of these very sources; gives `out`.

    `vendor` is a folder of installed dependencies (environment.sh makes one from locks/runtime.txt).
    """
    files = list(members(checkout, vendor))
    stamp, now = out / ".sources", fingerprint(files)
    if (out / "dabba.zip").is_file() and stamp.is_file() and stamp.read_text() == now:
        return out
    out.mkdir(parents=True, exist_ok=True)
    stamp.unlink(missing_ok=True)
    write_zip(files, out / "dabba.zip")
    shutil.copyfile(checkout / "jobs" / "main.py", out / "main.py")
    stamp.write_text(now)
    return out


def main(arguments: list[str]) -> None:
    """Builds and prints the folder."""
    checkout, vendor, out = map(Path, arguments)
    sys.stdout.write(f"{build(checkout, vendor, out)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
