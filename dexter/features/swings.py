"""Turning points of a price path, each with the bar that confirmed it."""

from dataclasses import dataclass

import numpy as np

from dexter.features.bars import Array, Bars
from dexter.features.indicators import atr

REVERSAL_ATR = 1.5


@dataclass(frozen=True, slots=True)
class Swing:
    """A high or low at bar ``at``, known as such only from bar ``confirmed_at`` on."""

    at: int
    confirmed_at: int
    price: float
    is_high: bool


def zigzag(bars: Bars) -> tuple[Swing, ...]:
    """Swings by an ATR zig-zag: a reversal of 1.5 × ATR14 confirms the turn.

    Only confirmed swings are returned, alternating highs and lows, oldest first; the
    leg still running is not a swing. Indices are positions in ``bars``.
    """
    reach = REVERSAL_ATR * atr(bars.high, bars.low, bars.close)
    start = _first_defined(reach)
    swings: list[Swing] = []
    rising = True
    top = bottom = start
    for now in range(start + 1, len(bars)):
        if rising:
            top = now if bars.high[now] >= bars.high[top] else top
            if bars.high[top] - bars.low[now] >= reach[now] and now > top:
                swings.append(Swing(top, now, float(bars.high[top]), is_high=True))
                rising, bottom = False, _lowest(bars.low, top + 1, now)
        else:
            bottom = now if bars.low[now] <= bars.low[bottom] else bottom
            if bars.high[now] - bars.low[bottom] >= reach[now] and now > bottom:
                swings.append(
                    Swing(bottom, now, float(bars.low[bottom]), is_high=False)
                )
                rising, top = True, _highest(bars.high, bottom + 1, now)
    return tuple(swings)


def _first_defined(values: Array) -> int:
    known = np.flatnonzero(np.isfinite(values))
    return int(known[0]) if len(known) else len(values)


def _lowest(values: Array, start: int, end: int) -> int:
    return start + int(np.argmin(values[start : end + 1]))


def _highest(values: Array, start: int, end: int) -> int:
    return start + int(np.argmax(values[start : end + 1]))
