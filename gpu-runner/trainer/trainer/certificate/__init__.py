"""Legality by execution: what a candidate program must satisfy before it may be trained."""
