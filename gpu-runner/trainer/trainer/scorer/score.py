"""From raw logits and the scorer's own labels to a task's result: pure functions."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import numpy as np

from trainer.tasks.task import NO_ANSWER


@dataclass(frozen=True)
class RawScore:
    """Per sequence, float64 [sequences]: mean negative log-likelihood (nats) and accuracy over its answers."""

    negative_log_likelihood: np.ndarray
    accuracy: np.ndarray

    def sha256(self) -> str:
        """Hash of the two arrays as little-endian float64, negative log-likelihood first."""
        digest = hashlib.sha256()
        for values in (self.negative_log_likelihood, self.accuracy):
            digest.update(np.ascontiguousarray(values, dtype="<f8").tobytes())
        return digest.hexdigest()


@dataclass(frozen=True)
class Summary:
    """Mean of the ranking metric, its standard error over sequences, and the mean loss in nats per answer."""

    value: float
    standard_error: float
    loss: float


def answer_positions(targets: np.ndarray) -> np.ndarray:
    """Flat indices b * T + t of the answers of targets [B,T], in row order."""
    return np.flatnonzero(targets.reshape(-1) != NO_ANSWER).astype(np.int32)


def raw_score(logits: np.ndarray, targets: np.ndarray) -> RawScore:
    """Scores logits [K,classes], one row per answer in row order, against targets [B,T]."""
    positions = answer_positions(targets)
    wanted = targets.reshape(-1)[positions]
    scores = logits.astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    log_normaliser = np.log(np.exp(scores).sum(axis=1))
    losses = log_normaliser - scores[np.arange(len(wanted)), wanted]
    hits = (scores.argmax(axis=1) == wanted).astype(np.float64)
    rows = positions // targets.shape[1]
    counts = np.bincount(rows, minlength=len(targets))
    return RawScore(
        np.bincount(rows, weights=losses, minlength=len(targets)) / counts,
        np.bincount(rows, weights=hits, minlength=len(targets)) / counts,
    )


def join(parts: list[RawScore]) -> RawScore:
    """The scores of several batches as one."""
    return RawScore(
        np.concatenate([part.negative_log_likelihood for part in parts]),
        np.concatenate([part.accuracy for part in parts]),
    )


def summarise(raw: RawScore, metric: str) -> Summary:
    """The task's result as a function of the raw scores."""
    ranked = raw.accuracy if metric == "accuracy" else raw.negative_log_likelihood
    error = float(ranked.std(ddof=1)) / math.sqrt(len(ranked)) if len(ranked) > 1 else 0.0
    return Summary(float(ranked.mean()), error, float(raw.negative_log_likelihood.mean()))
