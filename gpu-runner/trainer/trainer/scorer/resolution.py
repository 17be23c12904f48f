"""Right or wrong with a finite resolution: the likeliest class after noise that only the scorer knows.

A largest logit can be largest by nothing: by 1e-7 it decides an answer and moves no loss. Where the input holds the
answers, that would let a program say what it must not know so faintly that no audit hears it. So there each logit gets
Gumbel noise of the size RESOLUTION, drawn from the evaluation seed. The chance that an answer then counts as right is a
smooth function of the logits, which the audit can compare: a margin that moves by d changes it by d / (4 * RESOLUTION)
at most. An answer that leads by 0.1 nats keeps its place.
"""

from __future__ import annotations

import numpy as np

from trainer.protocol.seeds import seed_from

# Nats. Below what any answer that was learnt leads by; 1000 times what rounding moves a logit by in float32.
RESOLUTION = 0.01


def drawn_noise(task: str, evaluation_seed: str, shape: tuple[int, ...]) -> np.ndarray:
    """float32 [*shape], nats: equal for every half and every prefix of a sequence, so that nothing moves by it."""
    generator = np.random.Generator(np.random.PCG64(seed_from("hit-noise", task, evaluation_seed)))
    return (RESOLUTION * generator.gumbel(size=shape)).astype(np.float32)


def decided_hits(logits: np.ndarray, wanted: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """bool [K]: whether the wanted class [K] is the likeliest one of logits + noise, both [K,classes]."""
    return (logits.astype(np.float64) + noise).argmax(axis=1) == wanted


def hit_chances(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """float64 [K]: the mean of `decided_hits` over the noise, which is a softmax of logits / RESOLUTION."""
    scores = logits.astype(np.float64) / RESOLUTION
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    return scores[np.arange(len(wanted)), wanted] / scores.sum(axis=1)
