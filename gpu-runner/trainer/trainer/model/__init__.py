"""The trainer's own part of the model, and how it is optimised. Imports torch: for workers only."""
