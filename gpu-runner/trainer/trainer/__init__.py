"""Trains untrusted linear-attention programs and measures them from outside their process.

The package has two sides. `trainer.scorer` is trusted: numpy only, never imports torch and never imports a candidate.
`trainer.worker` is untrusted: it imports torch and the candidate. They share `trainer.protocol`, `trainer.tasks` and
`trainer.suites`. This file imports nothing, so that the trusted side starts fast.
"""
