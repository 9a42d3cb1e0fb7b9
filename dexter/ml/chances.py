"""Exact chances of counts and means: binomial, beta and Student's t, and power.

Everything rests on the regularised incomplete beta function, by its continued fraction
(W. H. Press et al., *Numerical Recipes*, 6.4).
"""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from dexter.ml.intervals import Array, Estimate

LEVEL = 0.05
POWER = 0.8

_NORMAL = NormalDist()
_TINY, _CLOSE, _TERMS = 1e-300, 1e-15, 10_000
_TIES = 1e-7
_HALVINGS = 60
_CORE = 2.0


def beta_cdf(x: float, a: float, b: float) -> float:
    """Chance that a Beta(a, b) variable is at most ``x``."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    # The fraction converges quickly only below the mean.
    if x > (a + 1) / (a + b + _CORE):
        return 1 - beta_cdf(1 - x, b, a)
    front = a * math.log(x) + b * math.log1p(-x)
    front += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    return math.exp(front) * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """Lentz's method, two terms a round."""
    above, below = 1.0, 1 / _away(1 - (a + b) * x / (a + 1))
    found = below
    for m in range(1, _TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = 1.0
        for term in (even, odd):
            below = 1 / _away(1 + term * below)
            above = _away(1 + term / above)
            step = above * below
            found *= step
        if abs(step - 1) < _CLOSE:
            break
    return found


def _away(value: float) -> float:
    """The value, kept off zero."""
    return value if abs(value) > _TINY else _TINY


def beta_quantile(share: float, a: float, b: float) -> float:
    """Below this a Beta(a, b) variable lies with the given chance."""
    return _solved(lambda x: beta_cdf(x, a, b), share)


def _solved(rising: Callable[[float], float], wanted: float) -> float:
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return (low + high) / 2


def exact(hits: int, trials: int) -> Estimate:
    """A rate with its exact 95 % interval (C. J. Clopper and E. S. Pearson, 1934)."""
    half = LEVEL / 2
    low = beta_quantile(half, hits, trials - hits + 1) if hits else 0.0
    high = beta_quantile(1 - half, hits + 1, trials - hits) if hits < trials else 1.0
    return Estimate(hits / trials, low, high)


def binomial(trials: int, rate: float) -> Array:
    """Chance of each number of hits 0 … trials, the rate strictly within 0 and 1."""
    hit, miss = math.log(rate), math.log1p(-rate)
    whole = math.lgamma(trials + 1)
    return np.array(
        [
            math.exp(
                whole
                - math.lgamma(hits + 1)
                - math.lgamma(trials - hits + 1)
                + hits * hit
                + (trials - hits) * miss
            )
            for hits in range(trials + 1)
        ]
    )


def binomial_p(hits: int, trials: int, rate: float) -> float:
    """Exact two-sided p: the chance of all counts no likelier than the one seen."""
    return float(_two_sided(binomial(trials, rate))[hits])


def _two_sided(chances: Array) -> Array:
    """Of each count the chance of all counts no likelier, ties included."""
    order = np.argsort(chances, kind="stable")
    total = np.cumsum(chances[order])
    place = np.searchsorted(chances[order], chances * (1 + _TIES), side="right")
    return np.minimum(total[place - 1], 1.0)


def binomial_power(trials: int, truth: float, null: float) -> float:
    """Chance that the exact two-sided test at 5 % rejects ``null``."""
    rejected = _two_sided(binomial(trials, null)) <= LEVEL
    return float(binomial(trials, truth)[rejected].sum())


def student_p(t: float, freedom: float) -> float:
    """Two-sided p of Student's t."""
    return beta_cdf(freedom / (freedom + t * t), freedom / 2, 0.5)


def normal_p(z: float) -> float:
    """Two-sided p of a standard normal."""
    return 2 * _NORMAL.cdf(-abs(z))


def needed_for_rate(truth: float, null: float) -> int:
    """Independent events that show a rate with 80 % power at 5 %, two-sided."""
    level, power = _NORMAL.inv_cdf(1 - LEVEL / 2), _NORMAL.inv_cdf(POWER)
    spread = level * math.sqrt(null * (1 - null)) + power * math.sqrt(
        truth * (1 - truth)
    )
    return math.ceil((spread / (truth - null)) ** 2)


def needed_for_mean(effect: float, deviation: float) -> int:
    """Independent events that show a mean with 80 % power at 5 %, two-sided."""
    reach = _NORMAL.inv_cdf(1 - LEVEL / 2) + _NORMAL.inv_cdf(POWER)
    return math.ceil((reach * deviation / effect) ** 2)
