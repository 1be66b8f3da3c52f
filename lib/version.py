"""The version of dabba that runs."""

from importlib import metadata

_CHECKOUT = "0.1.0"  # pyproject.toml says the same; a test compares them


def code_version() -> str:
    """The version of the installed package, or of the checkout or zip that runs without installation."""
    try:
        return metadata.version("dabba")
    except metadata.PackageNotFoundError:
        return _CHECKOUT
