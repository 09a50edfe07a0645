"""How large the plots are, and how many stand in a park."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

SMALLEST_M2 = 2_500.0
LARGEST_M2 = 920_000.0
MEDIAN_M2 = 8_500.0
SIGMA = 1.1
VERY_LARGE_SHARE = 0.014
VERY_LARGE_M2 = (180_000.0, 900_000.0)


def plot_sizes_m2(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """n plot sizes in m², long-tailed, each part of the distribution met exactly.

    Log-normal around 0.85 ha and cut off at both ends, and a few very large plots drawn evenly on the logarithm
    between 18 and 90 ha. The bounds keep a margin to 0.2 and 100 ha, because streets and bent borders change a size
    by some percent.
    """
    normal = NormalDist()
    large = max(round(VERY_LARGE_SHARE * n), 1 if n >= 50 else 0)
    least, most = (normal.cdf(math.log(bound / MEDIAN_M2) / SIGMA) for bound in (SMALLEST_M2, LARGEST_M2))
    place = least + (most - least) * (np.arange(n - large) + rng.random(n - large)) / max(n - large, 1)
    common = MEDIAN_M2 * np.exp(SIGMA * np.fromiter(map(normal.inv_cdf, place.tolist()), dtype=np.float64))
    low, high = (math.log(bound) for bound in VERY_LARGE_M2)
    rare = np.exp(low + (high - low) * (np.arange(large) + rng.random(large)) / max(large, 1))
    sizes = np.concatenate((common, rare))
    rng.shuffle(sizes)
    return sizes


def park_counts(rng: np.random.Generator, n: int, mean: float) -> NDArray[np.int64]:
    """How many of the n plots stand in each park: 2 at least and `mean` on average, adding up to n."""
    if n < 3:
        return np.array([n], dtype=np.int64)
    drawn = 2 + rng.gamma(2.0, (mean - 2) / 2, size=math.ceil(3 * n / mean) + 3).astype(np.int64)
    parks = int(np.searchsorted(np.cumsum(drawn), n)) + 1
    counts = drawn[:parks]
    counts[-1] -= counts.sum() - n
    if counts[-1] < 2 and parks > 1:
        counts[-2] += counts[-1]
        counts = counts[:-1]
    return counts
