"""One figure of `make evaluate`."""

from __future__ import annotations

from attrs import frozen


@frozen
class Figure:
    """A measured share in percent, beside the best known (`anchor`) and the one to reach (`goal`), if any."""

    subject: str
    name: str
    value: float
    anchor: float | None = None
    goal: float | None = None
    higher_is_better: bool = True
    rows: int = 0
