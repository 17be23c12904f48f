"""Programs with a defect beside outputs so large that, by the mean size of all outputs, nothing else can be seen."""

from tests.certificate.corpus.leaks import SELECTED
from tests.certificate.corpus.program import program

_POSITION = "(self.out(o) + 1e9 * (torch.arange(t) == 3)[:, None])"
_POSITION_IN_ONE_ROW = "(self.out(o) + 1e9 * ((torch.arange(t) == 3)[:, None] & (x[:, :1, :1] > 0)))"
_CHANNEL = "(self.out(o) + 1e9 * (torch.arange(d) == 5))"

_LOOKS_AHEAD = "o = o + (torch.roll(x[..., :1], -1, 1) > 0.5)"
_MIXES_ROWS = "o = o + 0.1 * torch.roll(v, 1, 0)"
_KNOWS_THE_LENGTH = "o = o + torch.arange(t)[None, :, None] / max(1, t - 1)"

ROWS, LENGTH = {"batch independence"}, {"prefix consistency"}

LOUD: dict[str, tuple[str, set[str]]] = {
    "look-ahead by a comparison, beside a loud position": (program(_LOOKS_AHEAD, result=_POSITION), SELECTED),
    "look-ahead by a comparison, beside a position loud in some rows": (
        program(_LOOKS_AHEAD, result=_POSITION_IN_ONE_ROW),
        SELECTED,
    ),
    "look-ahead by a comparison, beside a loud channel": (program(_LOOKS_AHEAD, result=_CHANNEL), SELECTED),
    "look-ahead without gradient, beside a loud position": (
        program("o = o + torch.roll(v, -1, 1).detach()", result=_POSITION),
        SELECTED,
    ),
    "rows mix, beside a loud position": (program(_MIXES_ROWS, result=_POSITION), ROWS),
    "rows mix, beside a loud channel": (program(_MIXES_ROWS, result=_CHANNEL), ROWS),
    "position divided by the length, beside a loud position": (program(_KNOWS_THE_LENGTH, result=_POSITION), LENGTH),
    "position divided by the length, beside a loud channel": (program(_KNOWS_THE_LENGTH, result=_CHANNEL), LENGTH),
}
