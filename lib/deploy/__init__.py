"""Brings the package to where it runs: the local environment, the bundle for clusters, the platforms."""
