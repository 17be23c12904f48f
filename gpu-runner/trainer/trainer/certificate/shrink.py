"""The smallest input on which a defect still shows: the repair prompt is about that one."""

from collections.abc import Callable

_LENGTHS = (1, 2, 3, 4, 5, 6, 8, 12, 16, 17, 24, 32, 33, 48, 64, 65, 96, 97, 128, 129, 256, 257, 512)


def shortest_length(fails: Callable[[int], bool], known: int) -> int:
    """Smallest length that fails, by probing and then halving the gap below; `known` is a length that does.

    A length at which the program raises counts as not failing: it is another defect.
    """
    good = 0
    for length in _LENGTHS:
        if length >= known:
            break
        if _quietly(fails, length):
            known = length
            break
        good = length
    while known - good > 1 and good >= 3:
        middle = (good + known) // 2
        if _quietly(fails, middle):
            known = middle
        else:
            good = middle
    return known


def smallest_batch(fails: Callable[[int, int], bool], rows: int, length: int) -> tuple[int, int]:
    """Fewest rows, and the shortest sequence with so many, at which `fails(rows, length)`; it fails as given."""
    rows = shortest_length(lambda b: fails(b, length), rows)
    return rows, shortest_length(lambda t: fails(rows, t), length)


def _quietly(fails: Callable[[int], bool], length: int) -> bool:
    try:
        return fails(length)
    except Exception:
        return False
