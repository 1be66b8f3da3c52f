"""The plain-Python faces at the door of the package: they are all there, and the README's example is true."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lib.normalise


@pytest.mark.parametrize("name", lib.normalise.__all__)
def test_every_face_is_there(name: str) -> None:
    assert callable(getattr(lib.normalise, name))


def test_what_is_not_there_is_told() -> None:
    with pytest.raises(AttributeError, match="normalise_phones"):
        _ = lib.normalise.normalise_phones


def test_the_example_of_the_readme() -> None:
    from lib.normalise import normalise_phone

    assert [number.e164 for number in normalise_phone("022-23456789/90").numbers] == ["+912223456789", "+912223456790"]


def test_the_door_loads_no_tables() -> None:
    program = "import sys, lib.normalise; print([m for m in sys.modules if m.startswith('lib.normalise.')])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
