"""A run: its dates, its stages, its accounting, its ledger and its report."""
