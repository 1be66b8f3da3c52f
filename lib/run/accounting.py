"""Accounting: of every row that came in, whether it was kept, refused or a repetition; the sums must agree."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from lib.errors import DabbaError


@frozen
class Account:
    """Rows of one dataset in one run. `outside` rows belong to other dates and are not part of the sum; `deletions` are
    changes that say that a row of facts no longer is."""

    dataset: str
    rows_in: int
    rows_out: int
    quarantined: int
    duplicates: int
    outside: int = 0
    deletions: int = 0

    @property
    def balanced(self) -> bool:
        """rows in = rows out + quarantined + duplicates + deletions."""
        return self.rows_in == self.rows_out + self.quarantined + self.duplicates + self.deletions


def require_balance(accounts: Sequence[Account]) -> None:
    """Raise when rows were lost or doubled: that is a bug or a broken disk, and nothing may be published."""
    wrong = [account for account in accounts if not account.balanced]
    if wrong:
        raise DabbaError(
            "Rows do not add up; nothing was published",
            where="; ".join(
                f"{a.dataset}: {a.rows_in} in, {a.rows_out} out + {a.quarantined} refused + {a.duplicates} duplicates"
                + (f" + {a.deletions} deletions" if a.deletions else "")
                for a in wrong
            ),
            todo="run the date again; if it repeats, report it with the run report",
        )
