"""The shortest sequence on which a defect still shows: the repair prompt is about that one."""

from collections.abc import Callable

_LENGTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16, 17, 24, 32, 33, 48, 64, 65, 96, 97, 128, 129, 256)


def shortest_length(fails: Callable[[int], bool], known: int) -> int:
    """Smallest probed length that fails; `known` is a length that does.

    A length at which the program raises counts as not failing: it is another defect.
    """
    for length in _LENGTHS:
        if length >= known:
            break
        try:
            if fails(length):
                return length
        except Exception:
            continue
    return known
