"""What runs: one short file per job, each read as extract, transform, load."""
