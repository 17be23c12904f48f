"""The shape of a suite."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.tasks.task import Task


@dataclass(frozen=True)
class TaskPlan:
    """How one task is trained and evaluated.

    Attributes:
        layers: blocks of the model.
        steps, batch_size: the budget, in optimiser steps and sequences a step; never in time, so that a slow program
            and a busy machine get the same training.
        learning_rate, warm_up_steps: peak of the schedule (linear warm-up, then cosine to a tenth).
        held_out_sequences: sequences that the scorer evaluates.
    """

    task: Task
    layers: int
    steps: int
    batch_size: int
    learning_rate: float
    warm_up_steps: int
    held_out_sequences: int

    @property
    def tokens_per_step(self) -> int:
        """Positions of one batch."""
        return self.batch_size * self.task.length


@dataclass(frozen=True)
class Suite:
    """A list of tasks for models of one width."""

    name: str
    d_model: int
    n_heads: int
    plans: tuple[TaskPlan, ...]

    def plan(self, task: str) -> TaskPlan:
        """The plan of a task by name. Raises KeyError."""
        for plan in self.plans:
            if plan.task.name == task:
                return plan
        raise KeyError(task)

    def share_trained(self, plan: TaskPlan, step: int) -> float:
        """How much of the training of all tasks, in their order, is done after a step of one, by tokens: in [0, 1]."""
        tokens = [one.steps * one.tokens_per_step for one in self.plans]
        before = sum(tokens[: self.plans.index(plan)])
        return (before + step * plan.tokens_per_step) / sum(tokens)
