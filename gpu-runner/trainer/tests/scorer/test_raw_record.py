"""Stored raw values come back to the bit, scores follow from them alone, and what is not such a record is refused."""

import copy
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainer.protocol.numbers import to_json
from trainer.scorer.leak_verdict import PrefixAudit, judge_leak
from trainer.scorer.raw_record import raw_from_record, raw_record
from trainer.scorer.rescore import rescore
from trainer.scorer.score import RawScore, summarise


def audit(generator, rows=16, gain=0.0, noise=0.0, change=0.0) -> PrefixAudit:
    full = generator.gamma(2.0, 0.7, rows).astype(np.float32)
    prefix = (full + gain + noise * generator.normal(size=rows)).astype(np.float32)
    positions = generator.integers(0, 128, rows).astype(np.int32)
    hits = generator.random(rows) < 0.5
    return PrefixAudit("cpu", positions, full, prefix, hits, change, 0.0, 3 if change > 0.02 else -1)


def raw(generator, sequences=16, audited=None) -> RawScore:
    answers = generator.integers(1, 9, sequences).astype(np.int32)
    count = int(answers.sum())
    losses = generator.gamma(2.0, 0.7, count).astype(np.float32)
    return RawScore(answers, losses, generator.random(count) < 0.3, audited)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.booleans())
def test_a_record_that_went_through_json_scores_the_same_to_the_bit(seed, sequences, audited):
    generator = np.random.default_rng(seed)
    score = raw(generator, sequences, audit(generator, sequences, gain=1.0) if audited else None)
    back = raw_from_record(json.loads(to_json(raw_record(score))))
    assert back.sha256() == score.sha256()
    for metric in ("accuracy", "loss"):
        assert summarise(back, metric) == summarise(score, metric)


def test_a_changed_bit_of_any_part_changes_the_hash():
    generator = np.random.default_rng(1)
    score = raw(generator, audited=audit(generator))
    hashes = {score.sha256()}
    record = raw_record(score)
    for field in ("answerLosses", "answerHits"):
        changed = copy.deepcopy(record)
        changed[field] = ("A" if changed[field][0] != "A" else "B") + changed[field][1:]
        hashes.add(raw_from_record(changed).sha256())
    changed = copy.deepcopy(record)
    changed["audit"]["positions"][0] += 1
    hashes.add(raw_from_record(changed).sha256())
    assert len(hashes) == 4


BROKEN = {
    "no object": lambda record: [],
    "a count too many": lambda record: {**record, "answers": [*record["answers"], 1]},
    "a sequence without answers": lambda record: {**record, "answers": [0, *record["answers"][1:]]},
    "no base64": lambda record: {**record, "answerLosses": "?"},
    "bits that are missing": lambda record: {**record, "answerHits": ""},
    "an audit of nothing": lambda record: {**record, "audit": {}},
    "an audit on another device": lambda record: {**record, "audit": {**record["audit"], "device": "abacus"}},
}


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_record_is_refused(how):
    generator = np.random.default_rng(2)
    record = raw_record(raw(generator, audited=audit(generator)))
    with pytest.raises(ValueError, match=r"."):
        raw_from_record(BROKEN[how](record))


def test_rescore_refuses_tasks_that_do_not_match():
    for text in (b"[]", b"{}", b'{"metrics":{"a":"loss"},"raw":{}}', b'{"metrics":{"a":"fame"},"raw":{"a":{}}}'):
        with pytest.raises(ValueError, match=r"."):
            rescore(text)


@pytest.mark.parametrize("seed", range(20))
def test_an_honest_model_is_never_suspect_and_one_whose_future_helps_always_is(seed):
    generator = np.random.default_rng(seed)
    assert not judge_leak(audit(generator, 64, noise=1e-4)).suspect
    assert judge_leak(audit(generator, 64, gain=0.2, noise=0.3)).suspect
    assert not judge_leak(audit(generator, 64, gain=-1.0, noise=0.3)).suspect


def test_a_suspect_score_is_the_prefix_only_one_and_a_change_of_the_output_alone_is_enough():
    generator = np.random.default_rng(3)
    found = audit(generator, 16, change=0.5)
    assert "position 3" in judge_leak(found).why
    score = raw(generator, 16, found)
    assert summarise(score, "loss").value == pytest.approx(float(found.prefix_losses.mean()))
    assert summarise(score, "accuracy").value == pytest.approx(float(found.prefix_hits.mean()))
    assert summarise(score, "loss").suspect_leak


def test_a_change_that_is_no_number_is_suspect():
    generator = np.random.default_rng(4)
    assert judge_leak(audit(generator, 16, change=math.nan)).suspect
