"""A shim that computes something else would train another architecture under the published name."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from trainer.foreign.lacks import AdapterLacksError
from trainer.foreign.shims.cache import Cache
from trainer.foreign.shims.l2norm import L2Norm, l2norm
from trainer.foreign.shims.norms import FusedRMSNormGated, RMSNorm
from trainer.foreign.shims.padding import get_unpad_data, index_first_axis, pad_input
from trainer.foreign.shims.short_convolution import ShortConvolution

ACTIVATIONS = {None: lambda y: y, "silu": F.silu, "swish": F.silu}


def convolved_by_loops(layer: ShortConvolution, x: Tensor) -> Tensor:
    """y_t = act(sum_i w_i x_{t-k+1+i} + b) of one sequence [T,D], token by token."""
    width, rows = layer.kernel_size[0], []
    for t in range(x.shape[0]):
        y = torch.zeros(x.shape[1]) if layer.bias is None else layer.bias.clone()
        for i in range(width):
            if t - width + 1 + i >= 0:
                y = y + layer.weight[:, 0, i] * x[t - width + 1 + i]
        rows.append(y)
    return ACTIVATIONS[layer.activation](torch.stack(rows))


@settings(max_examples=30, deadline=None)
@given(
    width=st.integers(1, 6),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    bias=st.booleans(),
    activation=st.sampled_from(list(ACTIVATIONS)),
)
def test_packed_sequences_are_convolved_as_if_they_were_alone(width, lengths, bias, activation):
    torch.manual_seed(0)
    layer = ShortConvolution(5, width, bias=bias, activation=activation)
    x = torch.randn(1, sum(lengths), 5)
    starts = torch.tensor([0, *torch.tensor(lengths).cumsum(0).tolist()], dtype=torch.int32)
    y, cache = layer(x, cu_seqlens=starts, output_final_state=True)
    for row, piece in enumerate(x[0].split(lengths)):
        alone, its_cache = layer(piece[None], output_final_state=True)
        expected = convolved_by_loops(layer, piece)
        torch.testing.assert_close(alone[0], expected)
        torch.testing.assert_close(y[0, starts[row] : starts[row + 1]], expected)
        last = torch.cat((torch.zeros(width, 5), piece))[-width:].T
        assert torch.equal(cache[row], last)
        assert torch.equal(its_cache[0], last)


def test_steps_with_a_cache_continue_the_sequence():
    torch.manual_seed(0)
    layer = ShortConvolution(6, 4, bias=True)
    x, residual = torch.randn(2, 9, 6), torch.randn(2, 9, 6)
    expected, _ = layer(x, residual=residual)
    with torch.no_grad():
        _, cache = layer(x[:, :5], output_final_state=True)
        for t in range(5, 9):
            y, same = layer(x[:, t : t + 1], residual=residual[:, t : t + 1], cache=cache, output_final_state=True)
            assert same is cache
            torch.testing.assert_close(y[:, 0], expected[:, t])


def test_a_longer_call_with_a_cache_starts_anew():
    layer = ShortConvolution(3, 4)
    x = torch.randn(1, 6, 3)
    fresh, _ = layer(x)
    again, cache = layer(x, cache=torch.randn(1, 3, 4))
    assert torch.equal(fresh, again)
    assert torch.equal(cache[0], x[0, -4:].T)


def test_a_mask_zeroes_the_input_itself():
    layer = ShortConvolution(3, 4)
    x = torch.randn(1, 4, 3)
    expected, _ = layer(torch.cat((torch.zeros(1, 2, 3), x[:, 2:]), 1))
    y, _ = layer(x, mask=torch.tensor([[0.0, 0.0, 1.0, 1.0]]))
    assert torch.equal(y, expected)
    assert not x[:, :2].any()


def test_a_convolution_has_the_parameters_of_a_depthwise_conv1d():
    layer = ShortConvolution(8, 4, use_fast_conv1d=False, backend="triton")
    assert isinstance(layer, torch.nn.Conv1d)
    assert {name: tuple(p.shape) for name, p in layer.named_parameters()} == {"weight": (8, 1, 4)}
    assert layer.state_size == 32


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("affine", [True, False])
def test_norms_follow_their_formula_in_float32_and_keep_the_dtype(dtype, affine):
    torch.manual_seed(0)
    x, g, residual = (torch.randn(2, 5, 16).to(dtype) for _ in range(3))
    norm = RMSNorm(16, elementwise_affine=affine, bias=affine, eps=1e-3)
    gated = FusedRMSNormGated(16, elementwise_affine=affine, eps=1e-3, activation="sigmoid")
    for parameter in (*norm.parameters(), *gated.parameters()):
        torch.nn.init.normal_(parameter)
    wide = torch.float64 if dtype == torch.float64 else torch.float32
    z = x.to(wide) + residual.to(wide)
    unit = z / (z.square().mean(-1, keepdim=True) + 1e-3).sqrt()
    expected = unit * norm.weight + norm.bias if affine else unit
    y, kept = norm(x, residual=residual, prenorm=True)
    assert y.dtype == kept.dtype == dtype
    torch.testing.assert_close(y, expected.to(dtype))
    torch.testing.assert_close(kept, z.to(dtype))
    assert norm(x, residual=residual, prenorm=True, residual_in_fp32=True)[1].dtype == wide
    expected = (unit * gated.weight if affine else unit) * g.to(wide).sigmoid()
    torch.testing.assert_close(gated(x, g, residual=residual), expected.to(dtype))


def test_the_l2_norm_adds_its_epsilon_under_the_root():
    x = torch.tensor([[3.0, 4.0], [0.0, 0.0], [1e-4, 0.0]])
    expected = x / (x.square().sum(-1, keepdim=True) + 1e-6).sqrt()
    torch.testing.assert_close(l2norm(x), expected)
    torch.testing.assert_close(L2Norm()(x), expected)
    assert l2norm(x.bfloat16(), output_dtype=torch.float32).dtype == torch.float32


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=4).filter(lambda m: any(map(any, m)))
)
def test_packing_and_padding_are_inverse_on_what_is_there(rows):
    mask = torch.tensor(rows, dtype=torch.long)
    x = torch.randn(len(rows), 5, 3, requires_grad=True)
    indices, starts, longest = get_unpad_data(mask)
    assert (indices.dtype, starts.dtype) == (torch.int64, torch.int32)
    assert starts.tolist() == [0, *mask.sum(1).cumsum(0).tolist()]
    assert longest == int(mask.sum(1).max())
    packed = index_first_axis(x.flatten(0, 1), indices)
    back = pad_input(packed, indices, len(rows), 5)
    assert torch.equal(back, x * mask[..., None])
    back.sum().backward()
    assert torch.equal(x.grad, mask[..., None].expand_as(x).float())


def test_the_cache_appends_overwrites_and_slides():
    cache = Cache()
    assert (len(cache), cache.get_seq_length()) == (0, 0)
    keys = torch.randn(1, 3, 2)
    cache.update(recurrent_state="a", attn_state=(keys,), layer_idx=0, offset=3)
    cache.update(conv_state="c", layer_idx=1, offset=3)
    assert (len(cache), cache.get_seq_length(), cache[1]["conv_state"]) == (2, 3, "c")
    more = torch.randn(1, 1, 2)
    state = cache.update(recurrent_state="b", attn_state=(more,), layer_idx=0, cache_kwargs={"window_size": 3})
    assert state is cache[0]
    assert (state["recurrent_state"], cache.get_seq_length()) == ("b", 4)
    assert torch.equal(state["attn_state"][0], torch.cat((keys, more), 1)[:, -3:])
    with pytest.raises(KeyError):
        cache[2]


def test_an_unknown_activation_names_the_part_of_the_adapter():
    with pytest.raises(AdapterLacksError, match=r"ShortConvolution\(activation='relu'\)"):
        ShortConvolution(4, 4, activation="relu")
