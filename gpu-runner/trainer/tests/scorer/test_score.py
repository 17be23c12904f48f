"""Scores equal a slow reference, for any logits and any pattern of answers."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.scorer.log_tail import KEPT_BYTES, LogTail
from trainer.scorer.score import RawScore, answer_positions, join, negative_log_likelihoods, raw_score, summarise
from trainer.tasks.task import NO_ANSWER


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 6), st.integers(2, 7), st.floats(0.1, 300))
def test_loss_and_accuracy_equal_a_loop_over_the_answers(seed, rows, length, classes, scale):
    generator = np.random.default_rng(seed)
    targets = generator.integers(0, classes, (rows, length)).astype(np.int32)
    targets[generator.random((rows, length)) < 0.4] = NO_ANSWER
    targets[:, -1] = generator.integers(0, classes, rows)
    positions = answer_positions(targets)
    logits = (generator.normal(size=(len(positions), classes)) * scale).astype(np.float32)
    score = raw_score(logits, targets)
    answered = iter(logits.astype(np.float64).tolist())
    for row in range(rows):
        losses, hits = [], []
        for target in targets[row]:
            if target != NO_ANSWER:
                values = next(answered)
                top = max(values)
                losses.append(top + math.log(sum(math.exp(value - top) for value in values)) - values[target])
                hits.append(values.index(top) == target)
        assert math.isclose(score.negative_log_likelihood[row], sum(losses) / len(losses), rel_tol=1e-6, abs_tol=1e-6)
        assert score.accuracy[row] == sum(hits) / len(hits)


def test_scoring_in_batches_equals_scoring_at_once():
    generator = np.random.default_rng(1)
    targets = generator.integers(0, 5, (10, 4)).astype(np.int32)
    logits = generator.normal(size=(40, 5)).astype(np.float32)
    whole = raw_score(logits, targets)
    parts = join([raw_score(logits[:24], targets[:6]), raw_score(logits[24:], targets[6:])])
    assert whole.sha256() == parts.sha256()


def test_the_largest_logits_that_a_worker_can_send_have_a_finite_loss_and_the_right_one():
    logits = np.array([[3e38, 0, -3e38], [-3e38, -3e38, -3e38], [0, 3e38, 3e38]], np.float32)
    assert np.allclose(negative_log_likelihoods(logits, np.array([0, 1, 2])), [0, math.log(3), math.log(2)])
    assert negative_log_likelihoods(logits[:1], np.array([1]))[0] == np.float32(3e38)


def test_the_standard_error_is_that_of_a_sample_of_few_sequences():
    losses = np.array([1.0, 2.0, 6.0], np.float32)
    raw = RawScore(np.ones(3, np.int32), losses, losses < 2)
    assert math.isclose(summarise(raw, "loss").standard_error, math.sqrt(7 / 3))  # the variance is 14 / (3 - 1)
    assert summarise(RawScore(raw.answers[:1], losses[:1], raw.hits[:1]), "loss").standard_error == 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 700_000), min_size=1, max_size=8))
def test_a_log_of_any_length_keeps_its_end_in_bounded_memory(sizes):
    tail, everything = LogTail(), b""
    for index, size in enumerate(sizes):
        piece = bytes([97 + index % 26]) * size
        everything += piece
        tail.write(piece)
    assert tail.text() == everything[-KEPT_BYTES:].decode()
    assert tail.total_bytes == len(everything)
