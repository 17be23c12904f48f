"""How many numbers each built-in mixer carries from token to token, by its equations."""

from __future__ import annotations

_CONVOLUTION_TOKENS = 3  # the short convolution before q, k and v needs the three tokens before the present one
_FILTER_TOKENS = {
    "path-gate-fusion-net": 30,
    "content-sharp-router": 24,
    "fusion-gated-fir-net": 30,
    "hier-gate-net": 30,
    "ada-multi-path-gate-net": 30,
}


def state_numbers(name: str, d_model: int, n_heads: int) -> int | None:
    """Numbers of state of a built-in mixer, None for the one whose state grows with the length.

    Matrix state, plus the tokens that convolutions and filters look back on. `accounting.state_size` measures
    the same number, and cannot tell long filters.
    Raises KeyError for a name that is not built in.
    """
    head = d_model * d_model // n_heads
    matrix = {
        "delta-net": head,
        "gated-delta-net": head,
        "mamba2": 2 * head,
        "gla": head // 2,
        "retnet": head,
        "linear-attention": head + d_model,
        "softmax-attention": None,
        "convolution-only": 0,
        "path-gate-fusion-net": head,
        "content-sharp-router": head,
        "fusion-gated-fir-net": 2 * head,  # also the state of the chunk's start
        "hier-gate-net": head,
        "ada-multi-path-gate-net": head,
    }[name]
    if matrix is None:
        return None
    return matrix + (_CONVOLUTION_TOKENS + _FILTER_TOKENS.get(name, 0)) * d_model
