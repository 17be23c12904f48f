"""Slow recurrent forms of the built-in mixers: what the chunkwise forms must equal."""
