"""Quality control while a program trains: pure functions from what was reported to a reason to stop, or none."""
