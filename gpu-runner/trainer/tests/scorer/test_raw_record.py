"""Stored raw values come back to the bit, scores follow from them alone, and what is not such a record is refused."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.protocol.numbers import to_json
from trainer.scorer.leak_moves import Moves
from trainer.scorer.leak_verdict import LeakAudit, PrefixAnswers
from trainer.scorer.older_audit import OlderAudit
from trainer.scorer.raw_record import raw_from_record, raw_record
from trainer.scorer.rescore import rescore
from trainer.scorer.score import RawScore, summarise

LENGTH = 128


def audit(generator, pairs=64, gain=0.0, noise=0.0, change=0.0, unsteady=0.0, prefix=None, device="cpu") -> LeakAudit:
    """One pair in eight is a control and changes by `unsteady`; the others by `change`, and by `gain` with `noise`."""
    cuts = generator.integers(1, LENGTH, pairs).astype(np.int32)
    cuts[::8] = LENGTH
    control = cuts == LENGTH
    gains = np.where(control, 0.0, gain + noise * generator.normal(size=pairs)).astype(np.float32)
    changes = np.maximum(np.abs(gains), np.where(control, unsteady, change)).astype(np.float32)
    losses = Moves(changes, (cuts - 1).astype(np.int32), gains, gains / 2)
    return LeakAudit(device, LENGTH, cuts, losses, prefix=prefix)


def with_hits(generator, found: LeakAudit, share=0.0, by=1.0, against=0.0) -> LeakAudit:
    """The same with hits: `share` of the pairs gain `by` with their own future, `against` of them lose as much."""
    drawn = generator.random(len(found.cuts))
    gains = np.where(drawn < share, by, np.where(drawn > 1 - against, -by, 0.0)) * (found.cuts < LENGTH)
    gains = gains.astype(np.float32)
    return replace(found, hits=Moves(np.abs(gains), found.losses.changed_at, gains, gains / 2))


def older_audit(generator, rows=16, gain=0.0, noise=0.0, change=0.0) -> OlderAudit:
    full = generator.gamma(2.0, 0.7, rows).astype(np.float32)
    losses = (full + gain + noise * generator.normal(size=rows)).astype(np.float32)
    prefix = PrefixAnswers(losses, generator.random(rows) < 0.5)
    positions = generator.integers(0, LENGTH, rows).astype(np.int32)
    return OlderAudit("cpu", positions, full, prefix, change, 0.0, 3 if change > 0.02 else -1)


def raw(generator, sequences=16, audited=None) -> RawScore:
    answers = generator.integers(1, 9, sequences).astype(np.int32)
    count = int(answers.sum())
    losses = generator.gamma(2.0, 0.7, count).astype(np.float32)
    return RawScore(answers, losses, generator.random(count) < 0.3, audited)


def with_prefix(generator, score: RawScore) -> RawScore:
    """A suspect score, whose prefix-only losses are one nat higher."""
    prefix = PrefixAnswers(score.losses + np.float32(1), generator.random(len(score.losses)) < 0.1)
    return replace(score, audit=with_hits(generator, audit(generator, change=5e-3, prefix=prefix)))


AUDITS = {
    "none": lambda generator, score: score,
    "clean": lambda generator, score: replace(score, audit=audit(generator)),
    "clean, with hits": lambda generator, score: replace(score, audit=with_hits(generator, audit(generator))),
    "suspect": with_prefix,
    "older, clean": lambda generator, score: replace(score, audit=older_audit(generator)),
    "older, suspect": lambda generator, score: replace(score, audit=older_audit(generator, gain=1.0)),
}


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from(sorted(AUDITS)))
def test_a_record_that_went_through_json_scores_the_same_to_the_bit(seed, sequences, audited):
    generator = np.random.default_rng(seed)
    score = AUDITS[audited](generator, raw(generator, sequences))
    back = raw_from_record(json.loads(to_json(raw_record(score))))
    assert back.sha256() == score.sha256()
    for metric in ("accuracy", "loss"):
        assert summarise(back, metric) == summarise(score, metric)
        assert summarise(back, metric).suspect_leak == audited.endswith("suspect")


def test_a_changed_bit_of_any_part_changes_the_hash():
    generator = np.random.default_rng(1)
    score = with_prefix(generator, raw(generator))
    hashes = {score.sha256()}
    record = raw_record(score)

    def change(part: dict, field: str) -> None:
        before = part[field]
        part[field] = ("A" if before[0] != "A" else "B") + before[1:]
        hashes.add(raw_from_record(record).sha256())
        part[field] = before

    for field in ("answerLosses", "answerHits"):
        change(record, field)
    for field in ("changes", "gains", "meanGains"):
        change(record["audit"], field)
        change(record["audit"]["hits"], field)
    for field in ("losses", "hits"):
        change(record["audit"]["prefix"], field)
    for part, field in (("audit", "cuts"), ("audit", "changedAt"), ("hits", "changedAt")):
        (record["audit"] if part == "audit" else record["audit"]["hits"])[field][0] += 1
        hashes.add(raw_from_record(record).sha256())
    record["audit"]["hits"] = None
    hashes.add(raw_from_record(record).sha256())
    assert len(hashes) == 15


BROKEN = {
    "no object": lambda record: [],
    "a count too many": lambda record: {**record, "answers": [*record["answers"], 1]},
    "a sequence without answers": lambda record: {**record, "answers": [0, *record["answers"][1:]]},
    "no base64": lambda record: {**record, "answerLosses": "?"},
    "bits that are missing": lambda record: {**record, "answerHits": ""},
    "an audit of nothing": lambda record: {**record, "audit": {}},
    "an audit on another device": lambda record: {**record, "audit": {**record["audit"], "device": "abacus"}},
    "an audit without a length": lambda record: {**record, "audit": {**record["audit"], "length": None}},
    "a pair too few": lambda record: {**record, "audit": {**record["audit"], "cuts": record["audit"]["cuts"][1:]}},
    "a place too few": lambda record: {**record, "audit": {**record["audit"], "changedAt": [1]}},
    "hits that are no object": lambda record: {**record, "audit": {**record["audit"], "hits": []}},
    "hits of nothing": lambda record: {**record, "audit": {**record["audit"], "hits": {}}},
    "a prefix of nothing": lambda record: {**record, "audit": {**record["audit"], "prefix": {}}},
    "a prefix that is no object": lambda record: {**record, "audit": {**record["audit"], "prefix": []}},
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_record_is_refused(how):
    generator = np.random.default_rng(2)
    record = raw_record(raw(generator, audited=audit(generator)))
    raw_from_record(record)
    with pytest.raises(ValueError, match=r"."):
        raw_from_record(BROKEN[how](record))


def test_rescore_refuses_tasks_that_do_not_match():
    for text in (b"[]", b"{}", b'{"metrics":{"a":"loss"},"raw":{}}', b'{"metrics":{"a":"fame"},"raw":{"a":{}}}'):
        with pytest.raises(ValueError, match=r"."):
            rescore(text)


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize("seed", range(20))
def test_rounding_is_never_suspect_and_a_future_that_helps_always_is(seed, device):
    generator = np.random.default_rng(seed)
    rounding = {"cpu": 1e-5, "cuda": 0.01}[device]
    assert audit(generator, 448, noise=rounding, unsteady=rounding, device=device).judge().finding == "none"
    # A noise that hides every single change, in the controls, too.
    assert audit(generator, 448, gain=0.2, noise=0.3, unsteady=2.0, device=device).judge().finding == "proven"
    assert audit(generator, 448, gain=-1.0, noise=0.3, unsteady=2.0, device=device).judge().finding == "suspect"


@pytest.mark.parametrize(
    ("changes", "finding"), [([], "none"), ([5e-3], "suspect"), ([0.5], "suspect"), ([0.5, 0.5], "proven")]
)
def test_one_change_is_suspect_and_two_plain_ones_are_proof(changes, finding):
    found = audit(np.random.default_rng(3))
    found.losses.changes[1 : 1 + len(changes)] = changes
    verdict = found.judge()
    assert verdict.finding == finding
    if changes:
        worst = 1 + int(np.argmax(changes))
        assert f"in {len(changes)} of 56 sequences" in verdict.why
        assert f"position {found.losses.changed_at[worst]} by {changes[worst - 1]:.2g} nats" in verdict.why


def test_a_suspect_score_is_the_prefix_only_one_on_every_position():
    generator = np.random.default_rng(3)
    score = raw(generator)
    suspect = with_prefix(generator, score)
    honest = summarise(score, "loss")
    assert summarise(suspect, "loss").value == pytest.approx(honest.value + 1)
    assert summarise(suspect, "loss").standard_error == pytest.approx(honest.standard_error, rel=1e-5)
    assert summarise(suspect, "accuracy").value != summarise(score, "accuracy").value


def test_a_change_that_is_no_number_is_suspect():
    generator = np.random.default_rng(4)
    found = audit(generator)
    found.losses.changes[1] = math.nan
    assert found.judge().finding == "suspect"


@pytest.mark.parametrize("device", ["cpu", "cuda"])
@pytest.mark.parametrize(
    ("pairs", "share", "finding"),
    [(448, 0.9, "proven"), (448, 0.15, "proven"), (112, 0.9, "proven"), (448, 0.0, "none")],
)
def test_right_answers_that_come_with_the_future_are_a_leak_whatever_the_losses_say(device, pairs, share, finding):
    generator = np.random.default_rng(6)
    found = with_hits(generator, audit(generator, pairs * 8 // 7, device=device), share, 0.9)
    assert found.judge().finding == finding
    assert replace(found, hits=None).judge().finding == "none"  # a record from before hits were kept


def test_answers_that_rounding_decides_either_way_are_no_leak_on_an_accelerator():
    for seed in range(50):
        generator = np.random.default_rng(seed)
        found = with_hits(generator, audit(generator, 512, device="cuda"), 0.05, 1.0, 0.05)
        assert found.judge().finding == "none"


@pytest.mark.parametrize(("by", "finding"), [(1e-6, "none"), (5e-5, "suspect"), (0.005, "suspect"), (0.02, "suspect")])
def test_a_chance_that_moves_by_little_in_one_direction_is_suspect_on_a_processor(by, finding):
    generator = np.random.default_rng(7)
    assert with_hits(generator, audit(generator, 512), 0.9, by).judge().finding == finding
    assert with_hits(generator, audit(generator, 512), 0.45, min(by, 0.005), 0.45).judge().finding == "none"


def test_an_older_record_is_judged_and_scored_as_it_was():
    generator = np.random.default_rng(5)
    found = older_audit(generator, change=0.5)
    assert "position 3 changes by 0.5" in found.judge().why
    score = raw(generator, 16, found)
    assert summarise(score, "loss").value == float(found.prefix.losses.astype(np.float64).mean())
    assert summarise(score, "accuracy").value == float(found.prefix.hits.astype(np.float64).mean())
    assert older_audit(generator, 64, gain=0.2, noise=0.3).judge().finding == "suspect"
    assert older_audit(generator, 64, noise=1e-4).judge().finding == "none"
