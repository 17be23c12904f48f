"""Leaks behind gates that are shut where training starts."""

from tests.certificate.corpus.program import program

OPENED = {"causality by values", "causality by gradient"}
SHUT = OPENED | {"gradient flow"}


def _gated(gate: str, constructor: str) -> str:
    return program(f"o = o + {gate} * v.mean(1, keepdim=True)", constructor=constructor)


GATES: dict[str, tuple[str, set[str]]] = {
    "gate of three axes, shut by a large negative number": (
        _gated("torch.sigmoid(self.g)", "self.g = nn.Parameter(torch.full((1, d_model, 1), -120.0).mT.contiguous())"),
        SHUT,
    ),
    "gate of four axes": (
        _gated(
            "F.hardsigmoid(self.g).reshape(-1)",
            "self.g = nn.Parameter(torch.full((1, n_heads, 1, d_model // n_heads), -9.0))",
        ),
        SHUT,
    ),
    "gate per head and feature below the threshold of a ReLU": (
        _gated(
            "F.relu(self.g - 2).reshape(-1)",
            "self.g = nn.Parameter(torch.zeros(n_heads, d_model // n_heads))",
        ),
        SHUT,
    ),
    "gate that opens far below": (
        _gated("F.relu(-self.g - 40)", "self.g = nn.Parameter(torch.full((1, 1, 1), 3.0))"),
        SHUT,
    ),
    "gate that opens on the side where it starts": (
        _gated("F.relu(self.g - 40)", "self.g = nn.Parameter(torch.full((1, 1, 1), 3.0))"),
        SHUT,
    ),
    "two gates in a row, both shut": (
        _gated(
            "torch.sigmoid(self.g) * torch.sigmoid(self.h)",
            "self.g = nn.Parameter(torch.full((1, 1, d_model), -150.0))\n"
            "self.h = nn.Parameter(torch.full((d_model,), -150.0))",
        ),
        SHUT,
    ),
    "double exponential, shut": (
        _gated("(-self.g.exp()).exp()", "self.g = nn.Parameter(torch.full((d_model, 1), 8.0).squeeze(1))"),
        SHUT,
    ),
    "complex gate that starts at zero": (
        _gated("self.g.real", "self.g = nn.Parameter(torch.zeros(d_model, dtype=torch.cfloat))"),
        OPENED | {"prefix consistency"},
    ),
    "imaginary part of a gate that starts real": (
        program(
            "o = o * self.g.real + self.g.imag * v.mean(1, keepdim=True)",
            constructor="self.g = nn.Parameter(torch.ones(d_model, dtype=torch.cfloat))",
        ),
        OPENED | {"prefix consistency"},
    ),
    "imaginary part of a complex gate, shut": (
        _gated("torch.sigmoid(self.g.imag)", "self.g = nn.Parameter(torch.full((d_model,), -120j))"),
        SHUT,
    ),
    "step of a scalar": (
        _gated("(self.g > 5).float()", "self.g = nn.Parameter(torch.zeros(()))"),
        SHUT,
    ),
    "matrix whose features are shut by a number in the text": (
        _gated("torch.sigmoid(self.gate(x) - 150)", "self.gate = nn.Linear(d_model, d_model, bias=False)"),
        SHUT | {"parameter budget"},
    ),
    "one element of a vector is shut, the others are open": (
        program(
            "s = torch.sigmoid(self.g)\no = o * s[1:].mean() + s[:1] * v.mean(1, keepdim=True)",
            constructor="self.g = nn.Parameter(torch.cat((torch.tensor([-300.0]), torch.zeros(d_model))))",
        ),
        OPENED,
    ),
    "row by row in a matrix": (
        _gated("torch.sigmoid(self.g).amax(1)", "self.g = nn.Parameter(torch.full((d_model, d_model), -110.0))"),
        SHUT | {"parameter budget"},
    ),
    "shut gate before an index": (
        program(
            "o = o * (1 + torch.sigmoid(self.g) * (x[..., :1].argmax(1, True) % 2))",
            constructor="self.g = nn.Parameter(torch.full((1, 1, d_model), -200.0))",
        ),
        {"causality by values", "gradient flow"},
    ),
}
