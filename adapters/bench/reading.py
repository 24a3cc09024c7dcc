"""Reading what was measured."""

from collections.abc import Sequence
from statistics import quantiles


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of what was measured, 0 where nothing was."""
    if len(values) < 2:
        return round(values[0], 1) if values else 0.0
    return round(quantiles(values, n=100, method="inclusive")[percent - 1], 1)
