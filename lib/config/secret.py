"""Secrets as references: a `Secret` names where the value is and reads it only at the moment of use."""

from __future__ import annotations

import os
import re
from pathlib import Path

from attrs import frozen

from lib.errors import ConfigError

_REFERENCE = re.compile(r"\$\{secret:(?P<store>env|file|aws)/(?P<name>[^}]+)\}")


@frozen(repr=False)
class Secret:
    """A reference such as `${secret:env/DB_PASSWORD}`; prints as `***`, never as its value."""

    store: str
    name: str

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def reveal(self) -> str:
        """The value, read now; ConfigError says which reference cannot be resolved."""
        if self.store == "env":
            if self.name not in os.environ:
                raise ConfigError(f"The environment variable {self.name} of a secret is not set", todo="export it")
            return os.environ[self.name]
        if self.store == "file":
            try:
                return Path(self.name).read_text("utf-8").strip()
            except OSError as error:
                raise ConfigError(f"The secret file {self.name} cannot be read: {error.strerror}") from None
        return _from_aws(self.name)


def _from_aws(name: str) -> str:
    import json

    import boto3

    secret, _, key = name.partition("#")
    value = str(boto3.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"])
    return str(json.loads(value)[key]) if key else value


def parse_secret(text: str) -> Secret | None:
    """The reference that `text` is, or None where it is a plain value."""
    match = _REFERENCE.fullmatch(text)
    return Secret(match["store"], match["name"]) if match else None
