"""Bases of one history by plain loops, written from their definition."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from dexter.features.columns import Array
from tests.features.reference_prices import average


class Turn(NamedTuple):
    at: int
    known: int
    price: float
    is_high: bool


class Fall(NamedTuple):
    high: Turn
    low: Turn

    @property
    def depth(self) -> float:
        return 1 - self.low.price / self.high.price


def zigzag(high: Array, low: Array, close: Array) -> list[Turn]:
    ranges = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    reach = [float("nan")] * 14 + [1.5 * r for r in average(ranges, 14, 1 / 14)]
    turns: list[Turn] = []
    rising, top, bottom = True, 14, 14
    for now in range(15, len(close)):
        if rising:
            top = now if high[now] >= high[top] else top
            if high[top] - low[now] >= reach[now] and now > top:
                turns.append(Turn(top, now, float(high[top]), is_high=True))
                rising = False
                bottom = top + 1 + int(np.argmin(low[top + 1 : now + 1]))
        else:
            bottom = now if low[now] <= low[bottom] else bottom
            if high[now] - low[bottom] >= reach[now] and now > bottom:
                turns.append(Turn(bottom, now, float(low[bottom]), is_high=False))
                rising = True
                top = bottom + 1 + int(np.argmax(high[bottom + 1 : now + 1]))
    return turns


def base(high: Array, low: Array, close: Array, deepest: float) -> list[Fall]:
    """The base after the last bar; the zig-zag must have turned twice."""
    since = len(close) - 120
    turns = [turn for turn in zigzag(high, low, close) if turn.at >= since]
    falls = [
        Fall(first, then)
        for first, then in pairwise(turns)
        if first.is_high and then.at - first.at >= 5
    ]
    starts = sorted(falls, key=lambda fall: -fall.high.price)[:3]
    runs = [run(falls[falls.index(start) :]) for start in starts]
    return max(runs, key=lambda one: (stands(one, low, deepest), len(one)), default=[])


def run(falls: list[Fall]) -> list[Fall]:
    found = falls[:1]
    for fall in falls[1:6]:
        level = abs(fall.high.price / found[-1].high.price - 1) <= 0.05
        if not level or fall.depth > 0.75 * found[-1].depth:
            break
        found.append(fall)
    return found


def stands(one: list[Fall], low: Array, deepest: float) -> bool:
    if not 2 <= len(one) <= 6:
        return False
    last = one[-1].low
    return (
        0.08 <= one[0].depth <= deepest
        and 15 <= last.known - one[0].high.at <= 325
        and one[-1].depth <= 0.15
        and bool((low[last.at :] >= last.price).all())
    )
