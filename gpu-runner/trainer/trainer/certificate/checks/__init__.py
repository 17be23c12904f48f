"""One legality test per file; each is a function from the subject to its findings."""
