"""The untrusted side: loads and runs the candidate. Nothing it says is believed unchecked by `trainer.scorer`."""
