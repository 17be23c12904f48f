"""Is this program new? A hash of the text for exact copies, and the behaviour for rewrites."""
