"""How: everything that the jobs are made of."""
