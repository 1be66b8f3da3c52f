"""Gives the Java of .dabba/jdk the authorities that this machine trusts, a company's own among them.

Run by environment.sh as `trust_store.py CACERTS`. A system Java gets them from the system; one from a wheel
knows only the public ones. Writes the JKS format by itself: importing 150 with keytool takes a minute.
"""

import hashlib
import os
import re
import ssl
import struct
import sys
from pathlib import Path

MAGIC, VERSION, TRUSTED_CERTIFICATE = 0xFEEDFEED, 2, 2
#: What Java calls the integrity of a trust store; public knowledge, as is the password of every `cacerts`.
WHITENER, PASSWORD = b"Mighty Aphrodite", "changeit"
CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


def machine_bundle() -> Path | None:
    """The PEM file of the authorities that this machine trusts, if it has one."""
    candidates = (
        os.environ.get("SSL_CERT_FILE"),
        ssl.get_default_verify_paths().cafile,
        "/etc/ssl/certs/ca-certificates.crt",
    )
    return next((Path(name) for name in candidates if name and Path(name).is_file()), None)


def jks(certificates: list[bytes]) -> bytes:
    """A Java key store of DER certificates, with the digest that Java checks."""

    def text(value: str) -> bytes:
        return struct.pack(">H", len(value)) + value.encode()

    store = struct.pack(">III", MAGIC, VERSION, len(certificates))
    for number, der in enumerate(certificates):
        store += struct.pack(">I", TRUSTED_CERTIFICATE) + text(f"machine-{number}") + struct.pack(">q", 0)
        store += text("X.509") + struct.pack(">I", len(der)) + der
    return store + hashlib.sha1(PASSWORD.encode("utf-16-be") + WHITENER + store, usedforsecurity=False).digest()


def main(target: Path) -> None:
    """Replaces the trust store; without a bundle it stays as it came."""
    bundle = machine_bundle()
    if bundle is None:
        return
    found = CERTIFICATE.findall(bundle.read_text(encoding="utf-8", errors="replace"))
    # Replaced, not overwritten: the file may be a hard link into the installer's cache.
    unfinished = target.with_suffix(".new")
    unfinished.write_bytes(jks([ssl.PEM_cert_to_DER_cert(pem) for pem in dict.fromkeys(found)]))
    unfinished.replace(target)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
