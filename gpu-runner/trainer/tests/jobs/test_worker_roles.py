"""A worker that guesses its role, or runs without one, would train where it should evaluate."""

import pytest

from trainer.protocol.frames import BadFrame, Frame
from trainer.worker.roles import worker_for


@pytest.mark.parametrize("role", ["rescore", "", None])
def test_a_role_that_no_worker_has_is_refused_with_those_there_are(role):
    with pytest.raises(BadFrame, match="choose one of train, evaluate, certify, probe"):
        worker_for(Frame({"type": "job", "role": role}, b""))


@pytest.mark.parametrize("frame", [None, Frame({"type": "weights", "role": "train"}, b"")])
def test_whoever_does_not_begin_with_a_job_is_refused(frame):
    with pytest.raises(BadFrame, match="must be a job"):
        worker_for(frame)
