"""Built-in token mixers: each file is a complete candidate program."""
