"""Turning points of a price path and the runs of shrinking falls among them.

One walk over a company's bars answers for all its sessions in order of time. A turn
counts only from the bar that confirmed it, so nothing here looks ahead.
"""

import numpy as np

from dexter.features.columns import Array, Whole
from dexter.features.compiled import kernel

LOOK_BACK = 120
"""Sessions before a row's end in which turns are looked for."""

REVERSAL_ATR = 1.5
"""A move against the leg by so many average true ranges (14) confirms a turn."""

STARTS, MOST = 3, 6
SHRINK, LEVEL_HIGHS = 0.75, 0.05
SHORTEST, REACH = 5, 5
FEWEST = 2
SHALLOW, LOOSE = 0.08, 0.15
SHORT_BASE, LONG_BASE = 15, 325

FIELDS = 4
"""Of one contraction: bars of its high, that high's confirmation, its low and that
low's confirmation."""

BEFORE = 2
WIDTH = BEFORE + FIELDS * MOST

_RANGE_BARS = 14
_RING = 128
_BARS, _RISING, _TOP, _BOTTOM, _TURNS = 0, 1, 2, 3, 4


@kernel
def bases(
    high: Array, low: Array, close: Array, first: Whole, end: Whole, deepest: Array
) -> Whole:
    """The base of each row: falls that shrink one after another from level highs.

    Turns come from an ATR zig-zag, alternately high and low: a reversal of
    ``REVERSAL_ATR`` confirms. Where it has fewer than two within the look-back, a bar
    that stands out among ``REACH`` bars on either side is one. A fall goes from a
    confirmed high to the confirmed low after it and lasts ``SHORTEST`` sessions or
    more. From each of the three highest highs a run goes on while the next high is
    within ``LEVEL_HIGHS`` of the one before and the next fall is at most ``SHRINK`` of
    the one before; the best is a well-shaped one that stands, then the longest, then
    the highest.

    Args:
        high: Prices times factor, one entry a bar.
        low: Likewise.
        close: Likewise.
        first: A row's first bar, shape ``(n,)``; neighbouring rows of one company in
            order of time are walked once.
        end: The bar after a row's last, shape ``(n,)``.
        deepest: Deepest allowed first fall, per one, shape ``(n,)``.

    Returns:
        Shape ``(n, WIDTH)``: how many contractions, 1 where the run has the shape of
        the pattern and stands, then ``FIELDS`` of each contraction (-1: there is none).
    """
    found = np.full((len(first), WIDTH), -1, dtype=np.int64)
    state = np.zeros(5, dtype=np.int64)
    ring = np.zeros((_RING, 2), dtype=np.int64)
    turns = np.zeros((_RING, 3), dtype=np.int64)
    falls = np.zeros((_RING, FIELDS), dtype=np.int64)
    reach = 0.0
    at = 0
    for row in range(len(first)):
        if row == 0 or first[row] != first[row - 1] or end[row] < at:
            at = first[row]
            reach = 0.0
            for place in range(5):
                state[place] = 0
        while at < end[row]:
            reach = _range(high, low, close, at, state[_BARS], reach)
            _turn(high, low, at, state, ring, REVERSAL_ATR * reach)
            state[_BARS] += 1
            at += 1
        since = max(end[row] - LOOK_BACK, first[row])
        count = _recent(ring, state[_TURNS], since, turns)
        if count < FEWEST:
            count = _standing_out(high, low, since, end[row], turns)
        count = _falls(turns, count, falls)
        _best(high, low, falls, count, end[row], deepest[row], found[row])
    return found


@kernel
def _range(
    high: Array, low: Array, close: Array, at: int, bars: int, before: float
) -> float:
    """Wilder's average true range after a bar; a sum until it is defined."""
    if bars == 0:
        return 0.0
    value: float = max(high[at], close[at - 1]) - min(low[at], close[at - 1])
    if bars < _RANGE_BARS:
        return before + value
    if bars == _RANGE_BARS:
        return (before + value) / _RANGE_BARS
    return before + (value - before) / _RANGE_BARS


@kernel
def _turn(
    high: Array, low: Array, now: int, state: Whole, ring: Whole, reach: float
) -> None:
    """Look at one more bar; even turns are highs."""
    if state[_BARS] < _RANGE_BARS:
        return
    if state[_BARS] == _RANGE_BARS:
        state[_RISING], state[_TOP], state[_BOTTOM] = 1, now, now
        return
    top, bottom = state[_TOP], state[_BOTTOM]
    if state[_RISING]:
        top = now if high[now] >= high[top] else top
        state[_TOP] = top
        if high[top] - low[now] >= reach and now > top:
            _note(ring, state, top, now)
            state[_RISING] = 0
            state[_BOTTOM] = top + 1 + np.argmin(low[top + 1 : now + 1])
    else:
        bottom = now if low[now] <= low[bottom] else bottom
        state[_BOTTOM] = bottom
        if high[now] - low[bottom] >= reach and now > bottom:
            _note(ring, state, bottom, now)
            state[_RISING] = 1
            state[_TOP] = bottom + 1 + np.argmax(high[bottom + 1 : now + 1])


@kernel
def _note(ring: Whole, state: Whole, at: int, now: int) -> None:
    place = state[_TURNS] % _RING
    ring[place, 0], ring[place, 1] = at, now
    state[_TURNS] += 1


@kernel
def _recent(ring: Whole, total: int, since: int, turns: Whole) -> int:
    """Turns (bar, confirmation, 1 for a high) of the zig-zag from a bar on."""
    count = 0
    for one in range(max(0, total - _RING), total):
        if ring[one % _RING, 0] >= since:
            turns[count, 0] = ring[one % _RING, 0]
            turns[count, 1] = ring[one % _RING, 1]
            turns[count, 2] = 1 - one % 2
            count += 1
    return count


@kernel
def _standing_out(high: Array, low: Array, since: int, end: int, turns: Whole) -> int:
    """Turns by a fixed window; of highs (or lows) in a row the farthest stands."""
    count = 0
    for at in range(since + REACH, end - REACH):
        top, bottom = True, True
        for near in range(at - REACH, at + REACH + 1):
            top = top and (high[near] < high[at] or near == at)
            bottom = bottom and (low[near] > low[at] or near == at)
        if top == bottom:
            continue
        last = turns[count - 1, 0] if count else 0
        if count and turns[count - 1, 2] == top:
            if (top and high[at] <= high[last]) or (bottom and low[at] >= low[last]):
                continue
            count -= 1
        turns[count, 0], turns[count, 1], turns[count, 2] = at, at + REACH, top
        count += 1
    return count


@kernel
def _falls(turns: Whole, count: int, falls: Whole) -> int:
    """Falls from a high to the low after it, the short ones left out."""
    kept = 0
    for one in range(count - 1):
        if turns[one, 2] and turns[one + 1, 0] - turns[one, 0] >= SHORTEST:
            falls[kept, 0], falls[kept, 1] = turns[one, 0], turns[one, 1]
            falls[kept, 2], falls[kept, 3] = turns[one + 1, 0], turns[one + 1, 1]
            kept += 1
    return kept


@kernel
def _depth(high: Array, low: Array, falls: Whole, one: int) -> float:
    share: float = low[falls[one, 2]] / high[falls[one, 0]]
    return 1.0 - share


@kernel
def _best(  # noqa: PLR0913, PLR0917 - loops over bars take their columns apart
    high: Array,
    low: Array,
    falls: Whole,
    count: int,
    end: int,
    deepest: float,
    found: Whole,
) -> None:
    """Keep the best run that begins at one of the highest highs."""
    merit, ceiling, after = 0, np.inf, -1
    found[0], found[1] = 0, 0
    for _ in range(min(STARTS, count)):
        start = -1
        for one in range(count):
            price = high[falls[one, 0]]
            below = price < ceiling or (price == ceiling and one > after)
            if below and (start < 0 or price > high[falls[start, 0]]):
                start = one
        ceiling, after = high[falls[start, 0]], start
        length = _run(high, low, falls, count, start)
        shaped = _shaped(high, low, falls[start : start + length], end, deepest)
        if length + MOST * shaped > merit:
            merit = length + MOST * shaped
            found[0], found[1] = length, shaped
            for one in range(length):
                for field in range(FIELDS):
                    found[BEFORE + FIELDS * one + field] = falls[start + one, field]


@kernel
def _run(high: Array, low: Array, falls: Whole, count: int, start: int) -> int:
    """How many falls shrink one after another from a start on."""
    length = 1
    while length < MOST and start + length < count:
        one = start + length
        rise = high[falls[one, 0]] / high[falls[one - 1, 0]] - 1.0
        depth = _depth(high, low, falls, one)
        if abs(rise) > LEVEL_HIGHS or depth > SHRINK * _depth(
            high, low, falls, one - 1
        ):
            break
        length += 1
    return length


@kernel
def _shaped(high: Array, low: Array, run: Whole, end: int, deepest: float) -> int:
    """1 where a run has the shape and stands: nothing fell below its last low since."""
    last = len(run) - 1
    first_depth = _depth(high, low, run, 0)
    sessions = run[last, 3] - run[0, 0]
    shaped = (
        last + 1 >= FEWEST
        and SHALLOW <= first_depth <= deepest
        and SHORT_BASE <= sessions <= LONG_BASE
        and _depth(high, low, run, last) <= LOOSE
    )
    if not shaped:
        return 0
    for at in range(run[last, 2] + 1, end):
        if low[at] < low[run[last, 2]]:
            return 0
    return 1
