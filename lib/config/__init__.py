"""Typed, frozen configuration: base + overlay + --set, with every mistake reported at once."""

from lib.config.load import config_hash, load_config, redacted
from lib.config.model import Changes, Config, Gate, Source
from lib.config.secret import Secret

__all__ = ["Changes", "Config", "Gate", "Secret", "Source", "config_hash", "load_config", "redacted"]
