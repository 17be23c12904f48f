"""Looks at a candidate that an engineer can ask for by name; each prints what it finds."""
