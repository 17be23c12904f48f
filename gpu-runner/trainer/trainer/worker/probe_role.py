"""The probe worker: looks at the candidate in a way of its own, or runs a few lines that an engineer wrote."""

from __future__ import annotations

import contextlib
import linecache
import traceback

import torch

from trainer.model.construct_mixer import construct_mixer
from trainer.protocol.failure import JobFailure
from trainer.protocol.frames import Frame
from trainer.protocol.import_seed import import_seed
from trainer.protocol.seeds import seed_from
from trainer.seed_everything import seed_everything
from trainer.worker.channel import Channel
from trainer.worker.printing import Printing
from trainer.worker.probes.shapes import run_shapes
from trainer.worker.probes.steps import run_steps
from trainer.worker.program import describe, is_out_of_memory, load_mixer
from trainer.worker.setup import WorkerJob, accept_job

_SNIPPET_FILE = "<probe>"


def run_probe_worker(channel: Channel, frame: Frame) -> None:
    """Speaks: hello, printed..., probed.

    An exception of the probe is no failure of the job: its traceback is what was asked for.
    """
    job = accept_job(channel, frame)
    printing = Printing(channel)
    code = 0
    with contextlib.redirect_stdout(printing):
        try:
            _look(job)
        except JobFailure:
            raise
        except BaseException as error:
            if is_out_of_memory(error):
                raise
            traceback.print_exc()
            code = 1
        finally:
            printing.finish()
    channel.send({"type": "probed", "exit": code})


def _look(job: WorkerJob) -> None:
    assert job.probe is not None
    name = job.probe.get("name")
    if name == "steps":
        run_steps(job)
        return
    cls = load_mixer(job.source, job.device.type, import_seed("probe", job.seed))
    mixer = _built(cls, job)
    if name == "shapes":
        run_shapes(job, mixer)
    elif name == "profile":
        # Imported here: the profiler costs a second that the other probes need not wait for.
        from trainer.worker.probes.profile import run_profile

        run_profile(job, mixer)
    else:
        _run_snippet(job, cls, mixer)


def _built(cls: type[torch.nn.Module], job: WorkerJob) -> torch.nn.Module:
    """The mixer of a first layer, as a training builds it.

    Raises:
        JobFailure: `program-invalid`.
    """
    width, heads = job.suite.d_model, job.suite.n_heads
    layers = job.suite.plans[0].layers
    seed_everything(seed_from("probe", job.seed), job.device.type)
    try:
        with job.device:
            return construct_mixer(cls, width, heads, layer_idx=0, n_layers=layers).to(job.device)
    except Exception as error:
        if is_out_of_memory(error):
            raise
        traceback.print_exc()
        raise JobFailure(
            "program-invalid",
            f"Mixer({width}, {heads}, layer_idx=0, n_layers={layers}) cannot be constructed: {describe(error)}.",
        ) from error


def _run_snippet(job: WorkerJob, cls: type[torch.nn.Module], mixer: torch.nn.Module) -> None:
    text = job.probe["snippet"] if job.probe else ""
    linecache.cache[_SNIPPET_FILE] = (len(text), None, text.splitlines(keepends=True), _SNIPPET_FILE)
    names = {
        "__name__": "probe",
        "torch": torch,
        "Mixer": cls,
        "mixer": mixer,
        "d_model": job.suite.d_model,
        "n_heads": job.suite.n_heads,
        "device": job.device,
    }
    exec(compile(text, _SNIPPET_FILE, "exec"), names)
