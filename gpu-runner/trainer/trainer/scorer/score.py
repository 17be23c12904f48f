"""From raw logits and the scorer's own labels to a task's result: pure functions.

The raw values of a task are what each scored position got: its negative log-likelihood and whether the most likely
class was right. Everything else (per sequence, per task, per suite) follows from them by `summarise`, so that a stored
result can be computed again from its raw artifact (`python -m trainer rescore`).
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from trainer.scorer.leak_verdict import LeakAudit
from trainer.scorer.older_audit import OlderAudit
from trainer.tasks.task import NO_ANSWER


@dataclass(frozen=True)
class RawScore:
    """What was measured at every scored position of a task's held-out sequences, in order.

    Attributes:
        answers: int32 [sequences], scored positions of each sequence, at least one.
        losses: float32 [sum of answers], negative log-likelihood in nats.
        hits: bool [sum of answers], whether the most likely class was the answer.
        audit: of tasks whose inputs reveal their answers; None elsewhere.
    """

    answers: np.ndarray
    losses: np.ndarray
    hits: np.ndarray
    audit: LeakAudit | OlderAudit | None = None

    @property
    def negative_log_likelihood(self) -> np.ndarray:
        """float64 [sequences]: mean over the sequence's answers."""
        return self._per_sequence(self.losses)

    @property
    def accuracy(self) -> np.ndarray:
        """float64 [sequences]: mean over the sequence's answers."""
        return self._per_sequence(self.hits)

    def sha256(self) -> str:
        """Hash of answers (int32), losses (float32), hits (uint8), little-endian, then of the audit if there is one."""
        digest = hashlib.sha256()
        for values, dtype in ((self.answers, "<i4"), (self.losses, "<f4"), (self.hits, "u1")):
            digest.update(np.ascontiguousarray(values, dtype=dtype).tobytes())
        if self.audit is not None:
            digest.update(self.audit.as_bytes())
        return digest.hexdigest()

    def _per_sequence(self, values: np.ndarray) -> np.ndarray:
        rows = np.repeat(np.arange(len(self.answers)), self.answers)
        sums = np.bincount(rows, weights=values.astype(np.float64), minlength=len(self.answers))
        return sums / self.answers


@dataclass(frozen=True)
class Summary:
    """Mean of the ranking metric, its standard error over sequences, and the mean loss in nats per answer.

    `suspect_leak`: value and loss are those of the prefix-only answers, because the full sequence gave more away.
    """

    value: float
    standard_error: float
    loss: float
    suspect_leak: bool = False


def answer_positions(targets: np.ndarray) -> np.ndarray:
    """Flat indices b * T + t of the answers of targets [B,T], in row order."""
    return np.flatnonzero(targets.reshape(-1) != NO_ANSWER).astype(np.int32)


def raw_score(logits: np.ndarray, targets: np.ndarray) -> RawScore:
    """Scores logits [K,classes], one row per answer in row order, against targets [B,T]."""
    positions = answer_positions(targets)
    wanted = targets.reshape(-1)[positions]
    rows = positions // targets.shape[1]
    return RawScore(
        np.bincount(rows, minlength=len(targets)).astype(np.int32),
        negative_log_likelihoods(logits, wanted),
        logits.argmax(axis=1) == wanted,
    )


def negative_log_likelihoods(logits: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """float32 [K]: of the wanted class [K] under softmax of logits [K,classes], computed in float64."""
    scores = logits.astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    normalisers = np.log(np.exp(scores).sum(axis=1))
    return (normalisers - scores[np.arange(len(wanted)), wanted]).astype(np.float32)


def join(parts: list[RawScore]) -> RawScore:
    """The scores of several batches as one."""
    return RawScore(
        np.concatenate([part.answers for part in parts]),
        np.concatenate([part.losses for part in parts]),
        np.concatenate([part.hits for part in parts]),
    )


def summarise(raw: RawScore, metric: str) -> Summary:
    """The task's result as a function of the raw values."""
    counted = _believed(raw)
    losses = counted.negative_log_likelihood
    ranked = counted.accuracy if metric == "accuracy" else losses
    return Summary(float(ranked.mean()), _standard_error(ranked), float(losses.mean()), counted is not raw)


def _believed(raw: RawScore) -> RawScore:
    """The raw values themselves, or the prefix-only ones of a program that is suspect."""
    audit = raw.audit
    if audit is None or audit.prefix is None or audit.judge().finding == "none":
        return raw
    counts = audit.prefix_counts if isinstance(audit, OlderAudit) else raw.answers
    return RawScore(counts, audit.prefix.losses, audit.prefix.hits)


def _standard_error(values: np.ndarray) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else 0.0


@dataclass(frozen=True)
class SuiteSummary:
    """`battery`: mean accuracy of the synthetic tasks; `language_model_loss`: nats per byte."""

    battery: float
    language_model_loss: float


def summarise_suite(tasks: Sequence[tuple[str, float]]) -> SuiteSummary:
    """The suite's scores from (metric, value) of its tasks; the first one that is ranked by loss is the language model.

    Raises:
        ValueError: there is no task of one of the kinds.
    """
    accuracies = [value for metric, value in tasks if metric == "accuracy"]
    losses = [value for metric, value in tasks if metric == "loss"]
    if not accuracies or not losses:
        raise ValueError("a suite has tasks ranked by accuracy and one ranked by loss")
    return SuiteSummary(sum(accuracies) / len(accuracies), losses[0])


def suspicion(raw: Mapping[str, RawScore]) -> str:
    """One sentence on the tasks whose score is prefix-only because of a suspected leak; empty where there are none."""
    verdicts = {name: score.audit.judge() for name, score in raw.items() if score.audit is not None}
    return "; ".join(f"{name}: {verdict.why}" for name, verdict in verdicts.items() if verdict.finding != "none")
