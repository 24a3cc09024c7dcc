"""How tests measure what larger input costs more."""

import time
from collections.abc import Callable, Sequence

_LEAST_ROUNDS, _MOST_ROUNDS = 2, 10


def least_costs(steps: Sequence[Callable[[], object]], good: Callable[[Sequence[float]], bool]) -> list[float]:
    """Return the least processor time of each step, in seconds, measured in rounds until these are good.

    A machine that is busy elsewhere makes a step dearer and never cheaper, so what is bad must be so in every round.
    """
    least = [float("inf")] * len(steps)
    for number in range(1, _MOST_ROUNDS + 1):
        least = [min(before, _cost(step)) for before, step in zip(least, steps, strict=True)]
        if number >= _LEAST_ROUNDS and good(least):
            break
    return least


def _cost(step: Callable[[], object]) -> float:
    begun = time.process_time()
    step()
    return time.process_time() - begun
