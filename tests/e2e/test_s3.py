"""Two processes that write one Delta table on S3: without the table's lease commits are lost, with it none is."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import time
from pathlib import Path

import pyspark
import pytest
from deltalake import DeltaTable

from lib.session import home
from tests.e2e.writer import Writer
from tests.moto_s3 import BUCKET, S3, serving

LOCKS = Path(__file__).parents[2] / "locks"
FEW, MOST = 6, 40

pytestmark = [
    pytest.mark.one_line,
    pytest.mark.skipif(
        pyspark.__version__ < "4.1",
        reason="Hadoop's S3 client of Spark 3.5 is an archive of 281 MB: 4.1 only",
    ),
]


@pytest.fixture(scope="module")
def jars() -> Path:
    """Hadoop's S3 client and what it needs of Amazon's SDK, fetched once: 11 MB, for these tests alone."""
    folder = home() / ".dabba" / "jars-s3"
    sums = (LOCKS / "jars-test-s3.sha256").read_text()
    if not (folder / ".ready").is_file() or (folder / ".ready").read_text() != sums:
        shutil.rmtree(folder, ignore_errors=True)
        ivy = next((Path(pyspark.__file__).parent / "jars").glob("ivy-*.jar"))
        mirror = os.environ.get("DABBA_IVY_SETTINGS")
        subprocess.run(
            ["java", "-jar", ivy, *(["-settings", mirror] if mirror else []),
             "-ivy", LOCKS / "jars-test-s3.ivy.xml", "-types", "jar", "-cache", home() / ".dabba" / "ivy-s3",
             "-retrieve", f"{folder}/[artifact]-[revision].[ext]"],
            check=True, capture_output=True, timeout=1200,
        )  # fmt: skip
        found = {jar.name: hashlib.sha256(jar.read_bytes()).hexdigest() for jar in folder.glob("*.jar")}
        assert found == {name: digest for digest, name in map(str.split, sums.splitlines())}
        (folder / ".ready").write_text(sums)
    return folder


def session(s3: S3, jars: Path) -> dict[str, str]:
    """Confs of a session that reaches the server."""
    delta = home() / ".dabba" / "jars" / f"spark-{pyspark.__version__[:3]}"
    return {
        "spark.driver.extraClassPath": ":".join(
            str(jar) for part in (delta, jars) for jar in sorted(part.glob("*.jar"))
        ),
        "spark.hadoop.fs.s3a.endpoint": s3.endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": "us-east-1",
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.hadoop.fs.s3a.connection.ssl.enabled": "false",
        "spark.hadoop.fs.s3a.aws.credentials.provider": "org.apache.hadoop.fs.s3a.SimpleAWSCredentialsProvider",
        "spark.hadoop.fs.s3a.access.key": "test",
        "spark.hadoop.fs.s3a.secret.key": "test",
    }


def held(s3: S3) -> set[str]:
    """The runs whose rows a reader finds."""
    options = {
        "AWS_ENDPOINT_URL": s3.endpoint, "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
    }  # fmt: skip
    table = DeltaTable(f"s3://{BUCKET}/tables/silver/names", storage_options=options).to_pyarrow_table()
    return set(table.column("run").to_pylist())


def test_on_s3_no_commit_is_lost_between_two_processes_and_without_the_lease_some_are(jars: Path) -> None:
    with serving() as s3:
        root, confs = f"s3a://{BUCKET}/tables", session(s3, jars)
        with Writer(root, confs) as one, Writer(root, confs) as other:

            def race(name: str, *, turns: bool) -> set[str]:
                """Both append at the same instant; the runs that were told that they had published."""
                instant = time.monotonic() + 0.02
                runs = {f"{name}-{letter}": writer for letter, writer in (("a", one), ("b", other))}
                for run, writer in runs.items():
                    writer.order(run=run, at=instant, turns=turns)
                return {run for run, writer in runs.items() if writer.answer() == 0}

            told = race("first", turns=True)
            for number in range(FEW):
                told |= race(f"with-{number}", turns=True)
            assert len(told) == 2 * FEW + 2
            assert held(s3) == told
            lost: set[str] = set()
            for number in range(MOST):
                told |= race(f"without-{number}", turns=False)
                lost = told - held(s3)
                if lost:
                    break
            assert lost, "nothing was lost without the lease either: this test shows nothing"
