"""Legal programs with features that a careless test would mistake for a defect."""

from tests.certificate.programs import program

LEGAL: dict[str, str] = {
    "diagonal linear attention": program(),
    "causal convolution by zero-padded FFT": program(
        "n = 2 * t\nh = (-self.rate.exp() * torch.arange(t)[:, None]).exp()\n"
        "o = o + torch.fft.irfft(torch.fft.rfft(v, n, dim=1) * torch.fft.rfft(h, n, dim=0), n, dim=1)[:, :t]",
        constructor="self.rate = nn.Parameter(torch.zeros(d_model))",
    ),
    "recurrence as a loop over tokens": program(
        "s, ys = torch.zeros_like(v[:, 0]), []\n"
        "for kt, vt in zip(k.unbind(1), v.unbind(1)):\n    s = 0.9 * s + kt * vt\n    ys.append(s)\n"
        "o = o + torch.stack(ys, 1)"
    ),
    "dropout by module and by function": program(
        "o = F.dropout(self.drop(o), 0.2, self.training)", constructor="self.drop = nn.Dropout(0.1)"
    ),
    "noise in training": program("if self.training:\n    o = o + 0.1 * torch.randn_like(o)"),
    "auxiliary loss": program(
        result='(self.out(o), {"aux": 0.01 * (self.balance(x).softmax(-1).mean((0, 1)) ** 2).sum()})',
        constructor="self.balance = nn.Linear(d_model, 4)",
    ),
    "output projection initialised to zero": program(constructor="nn.init.zeros_(self.out.weight)"),
    "closed gate": program(
        "o = o * torch.sigmoid(self.gate(x) - 8)", constructor="self.gate = nn.Linear(d_model, d_model, bias=False)"
    ),
    "frozen parameter": program(
        "o = o * self.scale",
        constructor="self.scale = nn.Parameter(torch.ones(d_model), requires_grad=False)",
    ),
    "small constant buffer": program(
        "o = o * self.scale", constructor='self.register_buffer("scale", torch.linspace(0.5, 1, d_model))'
    ),
    "attention in a window of 16 tokens": program(
        "p = -t % 16\n"
        "qc, kc, vc = (F.pad(a, (0, 0, 0, p)).view(b, -1, 16, d) for a in (q, k, v))\n"
        "s = (qc @ kc.mT).masked_fill(torch.ones(16, 16).triu(1).bool(), -math.inf)\n"
        "o = o + (s.softmax(-1) @ vc).view(b, -1, d)[:, :t]"
    ),
    "gradient checkpointing": program(
        "from torch.utils.checkpoint import checkpoint\no = o + checkpoint(self.v, o, use_reentrant=False)"
    ),
}
