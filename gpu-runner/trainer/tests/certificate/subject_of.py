"""The subject of a single test of the certificate, without the others."""

from trainer.certificate.subject import Subject
from trainer.worker.program import load_mixer


def subject_of(source: str) -> Subject:
    return Subject(load_mixer(source), 64, 2, parameter_budget=None, reference_parameters=17_312)
