"""Evaluation workers without processes: the scorer's own code talks to a model by the real frames."""

from collections import deque
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import torch
from torch import nn

from trainer.protocol.frames import Frame, FrameDecoder, encode_frame
from trainer.scorer.training import TrainedTask
from trainer.suites.suite import TaskPlan


class InProcessWorker:
    """A conversation, its worker and the pool in one: answers batches with a model's logits, and keeps the inputs."""

    def __init__(self, model: nn.Module, autocast: Callable[[], object] = nullcontext) -> None:
        self.worker = self
        self.model = model.eval()
        self.seen: list[np.ndarray] = []
        self._autocast = autocast
        self._answers: deque[Frame] = deque()

    def ask(self, frame: Frame) -> None:
        if frame.type != "batch":
            return
        arrays = frame.arrays()
        self.seen.append(arrays["inputs"])
        inputs, positions = (torch.from_numpy(arrays[name].copy()).long() for name in ("inputs", "positions"))
        with torch.no_grad(), self._autocast():
            hidden, _ = self.model(inputs)
            logits = self.model.head(hidden.flatten(0, 1)[positions]).float()
        (answer,) = FrameDecoder().feed(encode_frame({"type": "logits"}, {"logits": logits.numpy()}))
        self._answers.append(answer)

    def next(self, *_: str) -> Frame:
        return self._answers.popleft()

    def arrays(self, frame: Frame) -> dict[str, np.ndarray]:
        return frame.arrays()


class InProcessPool:
    """Hands every frame on at once."""

    def send(self, worker: InProcessWorker, data: bytes) -> None:
        for frame in FrameDecoder().feed(data):
            worker.ask(frame)


def without_weights(plan: TaskPlan) -> TrainedTask:
    """A trained task whose weights the model has already."""
    return TrainedTask(plan, {}, 0.0, [], 0.0)
