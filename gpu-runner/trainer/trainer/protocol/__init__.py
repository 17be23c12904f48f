"""What the trusted and the untrusted side say to each other, and how a job is asked for."""
