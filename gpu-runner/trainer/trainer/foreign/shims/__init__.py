"""The parts of flash-linear-attention 0.2.2 that published programs import, in plain PyTorch, from their description.

Written from the behaviour of the interface, without its code. All compute in float32 at least, as the originals do, and
in float64 for float64 inputs, so that a program can be measured in double precision.
"""
