"""Suites: which tasks, how large, how long. Data, not code."""
