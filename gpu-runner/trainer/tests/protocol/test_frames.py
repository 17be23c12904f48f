"""Frames survive any cut of the byte stream; hostile lengths and shapes are refused before they cost memory."""

import contextlib
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from trainer.protocol.frames import MAGIC, PREFIX, BadFrame, FrameDecoder, encode_frame

ARRAY = arrays.arrays(
    st.sampled_from([np.float32, np.int32, np.float64, np.int64]),
    arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
MESSAGE = st.tuples(st.text(max_size=20), st.dictionaries(st.text(max_size=8), ARRAY, max_size=3))


@settings(max_examples=60, deadline=None)
@given(st.lists(MESSAGE, min_size=1, max_size=4), st.integers(1, 40))
def test_frames_come_out_as_they_went_in_whatever_the_pieces(messages, piece):
    stream = b"".join(encode_frame({"type": "t", "text": text}, named) for text, named in messages)
    decoder = FrameDecoder()
    frames = [frame for at in range(0, len(stream), piece) for frame in decoder.feed(stream[at : at + piece])]
    assert not decoder.incomplete
    assert len(frames) == len(messages)
    for frame, (text, named) in zip(frames, messages, strict=True):
        assert frame.header["text"] == text
        found = frame.arrays()
        assert list(found) == list(named)
        for name, array in named.items():
            assert found[name].dtype == array.dtype
            np.testing.assert_array_equal(found[name], array)


@settings(max_examples=100, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_random_bytes_are_refused_or_waited_for_but_never_become_a_frame(data):
    with contextlib.suppress(BadFrame):
        assert list(FrameDecoder().feed(data)) == []


@pytest.mark.parametrize(("header", "payload"), [(1 << 31, 0), (10, 0xFFFFFFFF)])
def test_an_announced_length_beyond_the_cap_is_refused_before_it_arrives(header, payload):
    with pytest.raises(BadFrame):
        list(FrameDecoder().feed(PREFIX.pack(MAGIC, header, payload)))


@pytest.mark.parametrize("text", [b"[]", b"{}", b"\xff", b'{"type":3}', b'{"type":"x","arrays":3}', b"[" * 50_000])
def test_a_header_without_a_type_is_refused(text):
    with pytest.raises(BadFrame):
        list(FrameDecoder().feed(PREFIX.pack(MAGIC, len(text), 0) + text))


@pytest.mark.parametrize(
    "described",
    [
        [{"name": "a", "dtype": "f32", "shape": [3]}],
        [{"name": "a", "dtype": "f32", "shape": [1]}],
        [{"name": "a", "dtype": "f64", "shape": [2]}],
        [{"name": "a", "dtype": "i64", "shape": []}, {"name": "b", "dtype": "i64", "shape": []}],
        [{"name": "a", "dtype": "f16", "shape": [4]}],
        [{"name": "a", "dtype": "f32", "shape": [-2]}],
        [{"name": "a", "dtype": "f32", "shape": [True, 2]}],
        [{"name": "a", "dtype": "f32", "shape": [1]}, {"name": "a", "dtype": "f32", "shape": [1]}],
        [{"name": "a", "dtype": ["f32"], "shape": [2]}],
        ["a"],
        [
            {"name": "a", "dtype": "f32", "shape": [2]},
            {"name": "b", "dtype": "f32", "shape": [0, *[(1 << 31) - 1] * 3]},
        ],
    ],
)
def test_arrays_that_do_not_fill_their_payload_exactly_are_refused(described):
    import json

    text = json.dumps({"type": "logits", "arrays": described}).encode()
    (frame,) = FrameDecoder().feed(PREFIX.pack(MAGIC, len(text), 8) + text + struct.pack("<2f", 1.0, 2.0))
    with pytest.raises(BadFrame):
        frame.arrays()
