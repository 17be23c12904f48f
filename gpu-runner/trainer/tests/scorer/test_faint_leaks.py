"""A right answer is decided by the largest logit, however little larger it is: what looks ahead too faintly for any
loss to move must not be ranked for it, and an honest model with nearly equal logits must not be accused."""

from functools import partial

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.scorer.in_process_workers import InProcessPool, InProcessWorker, without_weights
from trainer.scorer.audited_evaluation import evaluate_and_audit
from trainer.scorer.leak_verdict import LeakAudit
from trainer.scorer.prefix_score import prefix_score
from trainer.scorer.resolution import RESOLUTION, decided_hits, drawn_noise, hit_chances
from trainer.scorer.score import RawScore, summarise
from trainer.suites.registry import SUITES
from trainer.suites.suite import TaskPlan

NOISY, SMOKE = (SUITES[name].plan("noisy-recall") for name in ("cpu-quick", "cpu-smoke"))
SEED = "held-out"
CHANCE = 1 / NOISY.task.classes
FIRST_VALUE = 12


class Flat(nn.Module):
    """Logits `scale` times random causal ones, and `margin` more for the next token at every `every`-th pair."""

    def __init__(self, margin: float = 0.0, every: int = 1, scale: float = 0.0) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.embedding = nn.Embedding(NOISY.task.vocabulary, NOISY.task.classes)
        # The identity, as a product that autocast rounds.
        self.head = nn.Linear(NOISY.task.classes, NOISY.task.classes, bias=False)
        nn.init.eye_(self.head.weight)
        self.margin, self.every, self.scale = margin, every, scale

    def forward(self, tokens: Tensor) -> tuple[Tensor, None]:
        following = torch.cat((tokens[:, 1:], tokens[:, -1:]), 1) - FIRST_VALUE
        known = (following >= 0) & (following < NOISY.task.classes)
        known &= torch.arange(tokens.shape[1]) // 2 % self.every == 0
        shown = nn.functional.one_hot(following.clamp(0, NOISY.task.classes - 1), NOISY.task.classes)
        return self.scale * self.causal(tokens) + self.margin * shown * known[..., None], None

    def causal(self, tokens: Tensor) -> Tensor:
        return self.embedding(tokens)


class Fourier(Flat):
    """A causal convolution by FFT: later tokens move its outputs by rounding."""

    def causal(self, tokens: Tensor) -> Tensor:
        x = self.embedding(tokens)
        length = x.shape[1]
        kernel = torch.fft.rfft(0.9 ** torch.arange(length), 2 * length)
        return torch.fft.irfft(torch.fft.rfft(x, 2 * length, dim=1) * kernel[:, None], 2 * length, dim=1)[:, :length]


def evaluated(model: nn.Module, plan: TaskPlan = NOISY, device: str = "cpu", seed: str = SEED) -> RawScore:
    """bfloat16 where `device` says so."""
    autocast = partial(torch.autocast, "cpu", torch.bfloat16)
    worker = InProcessWorker(model, autocast) if device == "cuda" else InProcessWorker(model)
    return evaluate_and_audit(InProcessPool(), (worker, worker), without_weights(plan), seed, device)


def finding(raw: RawScore) -> str:
    assert isinstance(raw.audit, LeakAudit)
    return raw.audit.judge().finding


def accuracy(raw: RawScore) -> float:
    return summarise(raw, "accuracy").value


@pytest.mark.parametrize("plan", [NOISY, SMOKE], ids=["cpu-quick", "cpu-smoke"])
def test_flat_logits_that_lean_to_the_next_token_gain_nothing_and_are_suspect(plan: TaskPlan) -> None:
    raw = evaluated(Flat(1e-5), plan)
    assert isinstance(raw.audit, LeakAudit)
    assert raw.audit.losses.changes.max() < 1e-3
    assert raw.audit.judge().finding == "suspect"
    assert "share of right answers" in raw.audit.judge().why
    assert accuracy(raw) < CHANCE + 0.06


@pytest.mark.parametrize("scale", [0.0, 1e-5, 1.0])
@pytest.mark.parametrize("every", [1, 10])
def test_a_margin_too_small_for_any_audit_decides_no_answer(every: int, scale: float) -> None:
    honest = evaluated(Flat(scale=scale))
    raw = evaluated(Flat(1e-7, every, scale))
    assert accuracy(raw) == pytest.approx(accuracy(honest), abs=0.002)


@pytest.mark.parametrize("margin", [1e-4, 3e-4, 9e-4])
@pytest.mark.parametrize("every", [1, 10])
def test_one_that_no_loss_shows_gains_next_to_nothing_and_is_suspect(every: int, margin: float) -> None:
    raw = evaluated(Flat(margin, every))
    assert finding(raw) == "suspect"
    assert accuracy(raw) < accuracy(evaluated(Flat())) + 0.01


@pytest.mark.parametrize("every", [1, 10])
def test_a_margin_that_does_decide_answers_is_proven_to_look_ahead(every: int) -> None:
    assert finding(evaluated(Flat(0.05, every))) == "proven"


@pytest.mark.parametrize("every", [1, 10])
def test_so_is_one_within_the_rounding_of_an_accelerator(every: int) -> None:
    raw = evaluated(Flat(0.04, every), device="cuda")
    assert isinstance(raw.audit, LeakAudit)
    assert raw.audit.losses.changes.max() < 0.3
    assert raw.audit.judge().finding == "proven"
    assert "share of right answers" in raw.audit.judge().why


HONEST = {
    "untrained": lambda: Flat(scale=1.0),
    "all logits equal": lambda: Flat(),
    "nearly equal": lambda: Flat(scale=1e-5),
    "FFT": lambda: Fourier(scale=1.0),
    "FFT with large logits": lambda: Fourier(scale=5.0),
    "FFT, nearly equal": lambda: Fourier(scale=1e-5),
    "FFT, as far apart as the resolution": lambda: Fourier(scale=RESOLUTION),
}


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("what", HONEST)
def test_an_honest_model_is_not_accused_however_close_its_logits_are(what: str, device: str) -> None:
    for seed in ("one", "two", "three", "four"):
        assert finding(evaluated(HONEST[what](), device=device, seed=seed)) == "none"


def test_the_prefix_only_score_is_decided_by_the_same_noise() -> None:
    prefix = prefix_score(InProcessPool(), InProcessWorker(Flat(scale=0.02)), without_weights(SMOKE), SEED)
    raw = evaluated(Flat(scale=0.02), SMOKE)
    assert np.array_equal(prefix.hits, raw.hits)


def test_noise_decides_as_often_as_its_chance_says_and_leaves_what_was_learnt_alone() -> None:
    generator = np.random.default_rng(1)
    logits = np.repeat(generator.normal(0, 2 * RESOLUTION, (1, 5)).astype(np.float32), 20_000, axis=0)
    wanted = np.full(len(logits), int(logits[0].argmax()))
    noise = drawn_noise("noisy-recall", SEED, logits.shape)
    share = decided_hits(logits, wanted, noise).mean()
    assert share == pytest.approx(hit_chances(logits, wanted)[0], abs=0.015)
    learnt = np.zeros((20_000, 16), np.float32)
    learnt[:, 3] = 0.15
    assert decided_hits(learnt, np.full(20_000, 3), drawn_noise("x", SEED, learnt.shape)).mean() > 0.9999
    assert not np.array_equal(noise, drawn_noise("noisy-recall", "another", logits.shape))
