"""Intervals for figures of a sample: how far they can be from those of the whole field.

Shares: the score interval of Wilson (1927), recommended for small n by Brown, Cai and DasGupta,
"Interval Estimation for a Binomial Proportion", Statistical Science 16 (2001). Medians: ranks of
the ordered values, which need no shape of distribution (Hahn and Meeker, Statistical
Intervals, 1991, §5.2), with the normal approximation of the binomial.
"""

from __future__ import annotations

import math

Z = 1.959963984540054
"""Two-sided 95 %."""

FEWEST = 6
"""Fewer values give no 95 % interval of a median by ranks."""


def wilson(count: int, n: int) -> tuple[float, float] | None:
    """95 % interval of a share, in percent; None without observations."""
    if n <= 0:
        return None
    share = count / n
    middle = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def median_ranks(n: int) -> tuple[int, int] | None:
    """1-based ranks of the ordered values that bound the median with at least some 95 %."""
    if n < FEWEST:
        return None
    half = Z * math.sqrt(n) / 2
    return max(1, math.floor(n / 2 - half)), min(n, math.ceil(n / 2 + half + 1))
