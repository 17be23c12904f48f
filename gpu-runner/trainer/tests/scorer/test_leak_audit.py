"""A program that looks ahead at few places only, or only where it thinks itself unwatched, must not be scored for it;
and an honest one must never be accused."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from tests.scorer.in_process_workers import InProcessPool, InProcessWorker, without_weights
from trainer.mixers.registry import BUILTIN_NAMES, builtin_class
from trainer.scorer.audited_evaluation import evaluate_and_audit, shuffled_halves
from trainer.scorer.evaluation import held_out_batches
from trainer.scorer.leak_moves import LeakVerdict
from trainer.scorer.leak_verdict import LeakAudit
from trainer.scorer.prefix_score import prefix_score
from trainer.scorer.score import RawScore, join, raw_score, summarise
from trainer.scorer.spliced_pairs import draw_pairs, splice
from trainer.suites.batch_shapes import ROWS_PER_BATCH
from trainer.suites.registry import SUITES
from trainer.suites.suite import TaskPlan
from trainer.tasks.task import NO_ANSWER

QUICK = SUITES["cpu-quick"]
LANGUAGE, NOISY = QUICK.plan("language-model"), QUICK.plan("noisy-recall")
SEED = "held-out"

Leak = Callable[[Tensor], Tensor]


class Causal(nn.Module):
    """A running mean, and what a leak adds to it; enough of a model for a worker. x [B,T,width] is the embedding."""

    def __init__(self, plan: TaskPlan, leak: Leak = torch.zeros_like, seed: int = 1) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.embedding = nn.Embedding(plan.task.vocabulary, 16)
        self.head = nn.Linear(16, plan.task.classes)
        self.leak = leak

    def forward(self, tokens: Tensor) -> tuple[Tensor, None]:
        x = self.embedding(tokens)
        steps = torch.arange(1, x.shape[1] + 1)[:, None]
        return x.cumsum(1) / steps + x + self.leak(x), None


def after(x: Tensor) -> Tensor:
    return torch.cat((x[:, 1:], torch.zeros_like(x[:, :1])), dim=1)


def at(x: Tensor, wanted: Callable[[Tensor], Tensor]) -> Tensor:
    """The next token where `wanted` says so of the positions [T]."""
    return after(x) * wanted(torch.arange(x.shape[1]))[:, None]


def rows(x: Tensor, wanted: Tensor) -> Tensor:
    return after(x) * wanted[:, None, None]


LOOKS_AHEAD: dict[str, Leak] = {
    "at every 16th position": lambda x: at(x, lambda t: t % 16 == 4),
    "at every 40th position": lambda x: at(x, lambda t: t % 40 == 21),
    "at late positions only": lambda x: at(x, lambda t: t > 0.9 * x.shape[1]),
    "at one position": lambda x: at(x, lambda t: t == 40),
    "in rows that begin in a certain way": lambda x: rows(x, x[:, :3].sum((1, 2)) > 4),
    "in batches of sixteen and more": lambda x: after(x) * (len(x) >= 16),
    "in batches as large as those that are scored": lambda x: after(x) * (len(x) == ROWS_PER_BATCH),
    "by four tokens": lambda x: torch.cat((x[:, 4:], torch.zeros_like(x[:, :4])), dim=1),
    "by a statistic of the whole sequence": lambda x: 0.3 * x.mean(1, keepdim=True),
    "at every 16th position, faintly": lambda x: 0.1 * at(x, lambda t: t % 16 == 4),
}

# The score is then the prefix-only one: their answers also depend on the row, or change by little.
HARDER_TO_TELL: dict[str, Leak] = {
    "in every eighth row": lambda x: rows(x, torch.arange(len(x)) % 8 == 5),
    "in the first rows of a batch": lambda x: rows(x, torch.arange(len(x)) < 6),
    "in half of the calls, by chance": lambda x: after(x) * (torch.rand(()) < 0.5),
    "by next to nothing": lambda x: 0.002 * after(x),
}


def evaluated(plan: TaskPlan, leak: Leak = torch.zeros_like) -> RawScore:
    workers = InProcessWorker(Causal(plan, leak)), InProcessWorker(Causal(plan, leak))
    return evaluate_and_audit(InProcessPool(), workers, without_weights(plan), SEED, "cpu")


def verdict(raw: RawScore) -> LeakVerdict:
    assert isinstance(raw.audit, LeakAudit)
    return raw.audit.judge()


@pytest.mark.parametrize("how", LOOKS_AHEAD)
def test_a_program_that_looks_ahead_is_proven_to_however_seldom_it_does(how: str) -> None:
    found = verdict(evaluated(LANGUAGE, LOOKS_AHEAD[how]))
    assert found.finding == "proven", found
    assert "position" in found.why or "lower" in found.why


@pytest.mark.parametrize("how", ["at every 16th position", "at late positions only", "by four tokens"])
def test_so_is_one_where_few_positions_are_asked_for(how: str) -> None:
    assert verdict(evaluated(NOISY, LOOKS_AHEAD[how])).finding == "proven"


@pytest.mark.parametrize("plan", [LANGUAGE, NOISY], ids=lambda plan: plan.task.name)
@pytest.mark.parametrize("how", HARDER_TO_TELL)
def test_one_that_hides_behind_rows_calls_and_small_numbers_is_suspect(plan: TaskPlan, how: str) -> None:
    assert verdict(evaluated(plan, HARDER_TO_TELL[how])).finding == "suspect"


@pytest.mark.parametrize("plan", [LANGUAGE, NOISY], ids=lambda plan: plan.task.name)
def test_what_looks_ahead_in_batches_of_training_alone_is_scored_as_if_it_did_not(plan: TaskPlan) -> None:
    raw = evaluated(plan, lambda x: after(x) * (len(x) <= 32))
    assert verdict(raw).finding == "none"
    assert np.array_equal(raw.losses, evaluated(plan).losses)


@pytest.mark.parametrize("name", BUILTIN_NAMES)
def test_an_honest_program_is_not_accused(name: str) -> None:
    mixer = builtin_class(name)

    class Mixed(Causal):
        def __init__(self) -> None:
            super().__init__(NOISY)
            self.embedding = nn.Embedding(NOISY.task.vocabulary, 64)
            self.mixer = mixer(64, 2)
            self.head = nn.Linear(64, NOISY.task.classes)

        def forward(self, tokens: Tensor) -> tuple[Tensor, None]:
            y = self.mixer(self.embedding(tokens))
            return y[0] if isinstance(y, tuple) else y, None

    torch.manual_seed(0)
    model = Mixed()
    raw = evaluate_and_audit(
        InProcessPool(), (InProcessWorker(model), InProcessWorker(model)), without_weights(NOISY), SEED, "cpu"
    )
    assert verdict(raw) == LeakVerdict("none", "")


class Counter:
    calls = 0

    def __call__(self, x: Tensor) -> Tensor:
        self.calls += 1
        return torch.full_like(x, 0.1 * self.calls)


UNSTEADY: dict[str, Callable[[], Leak]] = {
    "the other rows of a batch": lambda: lambda x: x.mean(0, keepdim=True),
    "the row's place in the batch": lambda: lambda x: 0.1 * torch.arange(len(x))[:, None, None].expand_as(x),
    "how often it was called": Counter,
    "chance": lambda: lambda x: 0.3 * torch.randn_like(x),
}


@pytest.mark.parametrize("what", UNSTEADY)
def test_what_depends_on_other_things_than_the_future_is_suspect_and_not_called_a_leak(what: str) -> None:
    found = verdict(evaluated(LANGUAGE, UNSTEADY[what]()))
    assert found.finding == "suspect"
    assert "two calls with the same sequence" in found.why


def test_a_leak_behind_a_noise_of_its_own_is_still_proven_where_it_pays() -> None:
    targets = torch.eye(16)[torch.arange(LANGUAGE.task.vocabulary) % 16]

    class Noisy(Causal):
        def forward(self, tokens: Tensor) -> tuple[Tensor, None]:
            shown = after(targets[tokens]) * (torch.arange(tokens.shape[1]) % 8 == 3)[:, None]
            return shown * 3 + 0.05 * torch.randn(*tokens.shape, 16), None

    model = Noisy(LANGUAGE)
    with torch.no_grad():
        model.head.weight.copy_(2 * targets)
    workers = InProcessWorker(model), InProcessWorker(model)
    found = verdict(evaluate_and_audit(InProcessPool(), workers, without_weights(LANGUAGE), SEED, "cpu"))
    assert found.finding == "proven"
    assert "lower with the rest of the sequence" in found.why


@pytest.mark.parametrize("plan", [LANGUAGE, NOISY], ids=lambda plan: plan.task.name)
def test_the_score_is_that_of_the_held_out_sequences_sent_as_they_are(plan: TaskPlan) -> None:
    model = Causal(plan)
    parts = []
    for batch in held_out_batches(plan, SEED):
        with torch.no_grad():
            logits = model.head(model(torch.from_numpy(batch.inputs).long())[0]).flatten(0, 1)
        parts.append(raw_score(logits.numpy()[np.flatnonzero(batch.targets.reshape(-1) != NO_ANSWER)], batch.targets))
    straight, audited = join(parts), evaluated(plan)
    assert np.array_equal(straight.answers, audited.answers)
    assert np.allclose(straight.losses, audited.losses, atol=1e-5)


@pytest.mark.parametrize("suite", ["cpu-smoke", "cpu-quick", "cpu-full"])
@pytest.mark.parametrize("task", ["noisy-recall", "language-model"])
def test_no_worker_can_tell_scoring_from_auditing_by_shape_place_or_repetition(suite: str, task: str) -> None:
    plan = SUITES[suite].plan(task)
    pairs = draw_pairs(plan, SEED)
    halves = [list(half) for half in shuffled_halves(pairs, plan, SEED)]
    for calls in halves:
        assert {inputs.shape for _, inputs, _ in calls} == {(ROWS_PER_BATCH, plan.task.length)}
        assert sorted(np.concatenate([chosen for chosen, _, _ in calls])) == list(range(len(pairs.cuts)))
        spliced = np.concatenate([is_spliced for _, _, is_spliced in calls])
        assert 0.3 < spliced.mean() < 0.7
        # Scored sequences lie anywhere, and in both workers.
        place = np.concatenate([chosen for chosen, _, _ in calls])
        scored = (place < pairs.scored) & ~spliced
        assert scored.any()
        assert np.flatnonzero(scored).max() - np.flatnonzero(scored).min() > len(place) / 4
    first, second = (dict(_rows(calls)) for calls in halves)
    assert all(first[pair] != second[pair] for pair in first)


def _rows(calls: list) -> list[tuple[int, bool]]:
    return [
        (int(pair), bool(spliced)) for chosen, _, flags in calls for pair, spliced in zip(chosen, flags, strict=True)
    ]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12), st.integers(2, 20), st.integers(2, 6))
def test_a_spliced_sequence_keeps_its_past_and_differs_right_after_the_cut(seed, count, length, vocabulary) -> None:
    generator = np.random.default_rng(seed)
    sequences = generator.integers(0, vocabulary, (count, length)).astype(np.int32)
    others = generator.integers(0, vocabulary, (8 * count + 40, length)).astype(np.int32)
    cuts = generator.integers(1, length + 1, count).astype(np.int32)
    spliced = splice(sequences, cuts, others)
    for row, cut in enumerate(cuts):
        assert np.array_equal(spliced[row, :cut], sequences[row, :cut])
        if cut < length:
            assert spliced[row, cut] != sequences[row, cut]
            assert any(np.array_equal(spliced[row, cut:], other[cut:]) for other in others)


def test_every_answer_of_the_language_model_is_cut_after_in_some_pair() -> None:
    pairs = draw_pairs(LANGUAGE, SEED)
    assert set(range(1, LANGUAGE.task.length)) <= set(pairs.cuts.tolist())


SMALL = replace(LANGUAGE, held_out_sequences=5)


@pytest.mark.parametrize("plan", [SMALL, replace(NOISY, held_out_sequences=70)], ids=lambda plan: plan.task.name)
def test_the_prefix_only_score_of_a_model_that_does_not_look_ahead_is_its_score(plan: TaskPlan) -> None:
    raw = evaluated(plan)
    prefix = prefix_score(InProcessPool(), InProcessWorker(Causal(plan)), without_weights(plan), SEED)
    assert np.allclose(prefix.losses, raw.losses, atol=1e-5)
    assert np.array_equal(prefix.hits, raw.hits)


def test_the_prefix_only_score_takes_all_that_looking_ahead_gives() -> None:
    embedding = torch.eye(128)

    class Oracle(nn.Module):
        """Answers with the next token."""

        head = nn.Identity()

        def forward(self, tokens: Tensor) -> tuple[Tensor, None]:
            return 20 * after(embedding[tokens]), None

    worker = InProcessWorker(Oracle())
    raw = evaluate_and_audit(InProcessPool(), (worker, worker), without_weights(SMALL), SEED, "cpu")
    prefix = prefix_score(InProcessPool(), InProcessWorker(Oracle()), without_weights(SMALL), SEED)
    audit = raw.audit
    assert isinstance(audit, LeakAudit)
    suspect = replace(raw, audit=replace(audit, prefix=prefix))
    # The last position sees no next token in either.
    assert summarise(replace(raw, audit=None), "loss").value < 0.1
    assert summarise(suspect, "loss").value > 15
    assert summarise(suspect, "loss").suspect_leak


def test_nothing_after_an_answer_is_shown_before_it_is_asked_for() -> None:
    worker = InProcessWorker(Causal(SMALL))
    prefix_score(InProcessPool(), worker, without_weights(SMALL), SEED)
    sequences = draw_pairs(SMALL, SEED).sequences
    assert len(worker.seen) == SMALL.task.length
    for turn, inputs in enumerate(worker.seen[:-1]):
        assert np.array_equal(inputs[:, : turn + 1], sequences[:ROWS_PER_BATCH, : turn + 1])
        assert (inputs[:, turn + 1] != sequences[:ROWS_PER_BATCH, turn + 1]).all()
