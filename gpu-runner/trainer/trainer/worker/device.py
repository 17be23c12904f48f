"""Where and in which precision a worker computes."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import torch

from trainer.protocol.failure import JobFailure


def prepare_device(name: str) -> torch.device:
    """Sets up one-threaded, denormal-free arithmetic on the CPU, or an accelerator.

    Raises:
        JobFailure: `environment`, when the device is not there.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    if name == "cuda" and not torch.cuda.is_available():
        raise JobFailure("environment", "The job asks for CUDA, but torch finds no usable CUDA device in the worker.")
    return torch.device(name)


def autocast(device: torch.device) -> AbstractContextManager[object]:
    """bfloat16 autocast on an accelerator; plain float32 on the CPU, where bfloat16 is emulated and slow."""
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda")


def new_tensors_on(device: str) -> AbstractContextManager[object]:
    """Makes this the default device; nothing to do, at no cost for every call of torch, where it is that already."""
    return nullcontext() if torch.get_default_device().type == device else torch.device(device)
