"""The untrusted side: loads the candidate and runs it. Nothing it says is believed without a check in `trainer.scorer`."""
