"""A real S3 over HTTP for tests: moto's server in this process, for the life of a test run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import boto3
from attrs import frozen

BUCKET = "dabba-tables"


@frozen
class S3:
    """Where it listens; any credentials do."""

    endpoint: str

    def client(self) -> Any:
        """A client of boto3."""
        return boto3.client("s3", endpoint_url=self.endpoint, region_name="us-east-1", **CREDENTIALS)


CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


@contextmanager
def serving() -> Iterator[S3]:
    """The server, with one bucket."""
    from moto.server import ThreadedMotoServer  # takes a while, which its clients need not spend

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        found = S3(f"http://{host}:{port}")
        found.client().create_bucket(Bucket=BUCKET)
        yield found
    finally:
        server.stop()
