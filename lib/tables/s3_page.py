"""A page on S3: an object that is put only where nothing is (If-None-Match) or what was read still is (If-Match)."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from lib.errors import ConfigError, Unavailable
from lib.tables.filesystem import Storage

# Somebody else has changed it, or is changing it right now, or it went away.
_CHANGED = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "404", "409", "412"})


@frozen
class S3Page:
    """One object."""

    where: str
    client: Any
    bucket: str
    key: str

    @classmethod
    def at(cls, storage: Storage, relative: str) -> S3Page:
        """The object ROOT/`relative`; endpoint and credentials as fs.s3a has them, else as boto3 finds them."""
        where = storage.at(relative)
        bucket, _, key = where.partition("://")[2].partition("/")
        return cls(where, _client(storage, bucket), bucket, key)

    def read(self) -> tuple[str, str] | None:
        """The text, and its ETag."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self.client.get_object(Bucket=self.bucket, Key=self.key)
            return found["Body"].read().decode(), found["ETag"]
        except ClientError as error:
            if _code(error) in ("NoSuchKey", "404"):
                return None
            raise self._unavailable(_code(error)) from error
        except BotoCoreError as error:
            raise self._unavailable(type(error).__name__) from error

    def write(self, text: str, seen: Any) -> bool:
        """Put the object; a storage that cannot do so conditionally is refused."""
        if not self._put(text, {"IfNoneMatch": "*"} if seen is None else {"IfMatch": str(seen)}):
            return False
        if seen is None and self._put(text, {"IfNoneMatch": "*"}):
            raise ConfigError(
                "This storage overwrites an object that must not be there yet: two runs could not tell each other",
                where=self.where,
                todo="take a storage with conditional writes (Amazon S3 has them), or set tables.root",
            )
        return True

    def _put(self, text: str, condition: dict[str, str]) -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.put_object(
                Bucket=self.bucket, Key=self.key, Body=text.encode(), ContentType="application/json", **condition
            )
        except ClientError as error:
            if _code(error) in _CHANGED:
                return False
            raise self._unavailable(_code(error)) from error
        except BotoCoreError as error:
            raise self._unavailable(type(error).__name__) from error
        return True

    def _unavailable(self, why: str) -> Unavailable:
        return Unavailable(
            f"The lease of the tables cannot be read or written: {why}",
            where=self.where,
            todo="may this run get and put objects there? Its lease takes fs.s3a's endpoint, region and simple "
            "credentials, else what boto3 finds (environment, profile, instance role)",
        )


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _client(storage: Storage, bucket: str) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError as error:
        raise ConfigError(
            "Tables on S3 need boto3, for the lease that keeps two runs from overwriting each other's commits",
            where=storage.root,
            todo="install boto3 1.36 or newer for the Python of the driver (pip install 'dabba[s3]')",
        ) from error
    conf = storage.spark._jsparkSession.sessionState().newHadoopConf()

    def told(name: str) -> str | None:
        found = conf.get(f"fs.s3a.bucket.{bucket}.{name}") or conf.get(f"fs.s3a.{name}")
        return str(found) if found else None

    endpoint = told("endpoint")
    if endpoint and "://" not in endpoint:
        endpoint = f"{'http' if told('connection.ssl.enabled') == 'false' else 'https'}://{endpoint}"
    style = "path" if told("path.style.access") == "true" else "auto"
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=told("endpoint.region"),
        aws_access_key_id=told("access.key"),
        aws_secret_access_key=told("secret.key"),
        aws_session_token=told("session.token"),
        # A lease that cannot be renewed soon is lost: better told than waited for.
        config=Config(
            s3={"addressing_style": style}, connect_timeout=5, read_timeout=10, retries={"total_max_attempts": 5}
        ),
    )
