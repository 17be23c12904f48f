"""Programs of the published ASI-Arch interface (class DeltaNet, imports of fla) run as mixers of this trainer."""
