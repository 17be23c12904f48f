/**
 * Module-level functions of emitted programs. A program gets those it calls, in this order, with their comments; so
 * each is written as it should be read in a program on its own.
 */
const sources = {
  full_precision: `
def full_precision(*tensors: Tensor) -> tuple[Tensor, ...]:
    """At least float32: gates, solves and states lose too much in half precision."""
    return tuple(t.to(torch.promote_types(t.dtype, torch.float32)) for t in tensors)`,
  into_heads: `
def into_heads(x: Tensor, heads: int) -> Tensor:
    """[B,T,H*d] -> [B,H,T,d]."""
    return x.unflatten(-1, (heads, -1)).transpose(1, 2).contiguous()`,
  l2_normalize: `
def l2_normalize(x: Tensor) -> Tensor:
    """Unit vectors along the last axis."""
    return x * torch.rsqrt(x.square().sum(-1, keepdim=True) + 1e-6)`,
  l1_normalize: `
def l1_normalize(x: Tensor) -> Tensor:
    """Vectors whose absolute values sum to one along the last axis."""
    return x / (x.abs().sum(-1, keepdim=True) + 1e-6)`,
  rms_normalize: `
def rms_normalize(x: Tensor) -> Tensor:
    """Unit mean square along the last axis."""
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)`,
  causal_convolution: `
def causal_convolution(x: Tensor, taps: Tensor, dilation: int = 1) -> Tensor:
    """Depthwise causal FIR filter over every dilation-th token.

    x [B,T,C], taps [width,C], the last one for the present token.
    """
    padded = F.pad(x, (0, 0, dilation * (taps.shape[0] - 1), 0))
    # In two dimensions, channels last: on a CPU several times as fast as conv1d.
    images, kernels = padded.unsqueeze(2).permute(0, 3, 1, 2), taps.mT[:, None, :, None]
    y = F.conv2d(images, kernels, dilation=(dilation, 1), groups=taps.shape[1])
    return y.permute(0, 2, 3, 1).squeeze(2)`,
  rotary: `
def rotary(x: Tensor, pairs: int) -> Tensor:
    """Rotates the first \`pairs\` pairs of channels by angles proportional to time; x [B,H,T,d]."""
    frequency = 10000.0 ** (-torch.arange(pairs, device=x.device) / pairs)
    angle = torch.arange(x.shape[2], device=x.device).unsqueeze(-1) * frequency  # [T,pairs]
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    a, b, rest = x[..., :pairs], x[..., pairs : 2 * pairs], x[..., 2 * pairs :]
    return torch.cat((a * cos - b * sin, a * sin + b * cos, rest), -1)`,
  running_mean: `
def running_mean(x: Tensor) -> Tensor:
    """Mean of x over all tokens up to the present one; x [B,H,T,d]."""
    count = torch.arange(1, x.shape[2] + 1, device=x.device, dtype=x.dtype)
    return x.cumsum(2) / count.unsqueeze(-1)`,
  into_chunks: `
def into_chunks(x: Tensor, n: int, size: int) -> Tensor:
    """[B,H,T,d] -> [B,H,n,size,d]; the zeros after the end leave the state unchanged."""
    return F.pad(x, (0, 0, 0, n * size - x.shape[2])).unflatten(2, (n, size))`,
  relative_decay: `
def relative_decay(since_start: Tensor) -> Tensor:
    """exp(G_i - G_j) for j <= i, else 0; G [...,C,1] is the log decay since the chunk's start."""
    size = since_start.shape[-2]
    future = torch.ones(size, size, dtype=torch.bool, device=since_start.device).triu(1)
    # Masked before exp: above the diagonal the difference is positive and exp could overflow.
    return (since_start - since_start.mT).masked_fill(future, -math.inf).exp()`,
  states_before: `
def states_before(written: Tensor, kept: Tensor) -> Tensor:
    """States at the starts of the chunks, from what each chunk writes and keeps."""
    state, states = torch.zeros_like(written[:, :, 0]), []
    # unbind, not indexing: the backward pass of n indexings would cost n whole tensors each.
    for written_i, kept_i in zip(written.unbind(2), kept.unbind(2), strict=True):
        states.append(state)
        state = kept_i * state + written_i
    return torch.stack(states, 2)`,
} as const;

export type HelperName = keyof typeof sources;

/** The source texts of the helpers, each once, in a fixed order. */
export function helperSources(names: ReadonlySet<HelperName>): string[] {
  return Object.entries(sources).flatMap(([name, text]) => (names.has(name as HelperName) ? [text.trim()] : []));
}
