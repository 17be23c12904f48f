"""What of a program's result is its output."""

from torch import Tensor


def first_output(result: object) -> Tensor:
    """y of either `y` or `(y, {"aux": loss})`."""
    y = result[0] if isinstance(result, tuple) else result
    if not isinstance(y, Tensor):
        raise TypeError(f"forward returned {type(y).__name__} instead of a tensor")
    return y
