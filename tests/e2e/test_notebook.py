"""The notebook runs from top to bottom on published tables, as a reader would run it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

HOME = Path(__file__).resolve().parents[2]


@pytest.mark.one_line
def test_the_notebook_runs(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DABBA_TABLES", str(published))
    monkeypatch.setenv("DABBA_HOME", str(HOME))
    monkeypatch.delenv("PYSPARK_GATEWAY_PORT", raising=False)  # the kernel starts a JVM of its own
    notebook = nbformat.read(HOME / "notebooks" / "explore.ipynb", as_version=4)
    NotebookClient(notebook, timeout=1200, resources={"metadata": {"path": str(HOME / "notebooks")}}).execute()
    printed = "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", ()) if "text" in output
    )
    assert "Dhanteras" in printed
    assert "quantity_range" in printed
