"""What came of buying at the first tradable price and holding some sessions.

The rule of entry is that of labels: the first open after publication, within
``SEARCHED`` sessions from day 0 on, that is not locked at the upper limit. Sessions
held are counted from the one bought in, so that nothing is lost of a holding by an open
that was locked or already past.
"""

from dataclasses import dataclass

import numpy as np

from dexter.domain.ledger import OutcomeState as State
from dexter.features.bars import Bars
from dexter.features.columns import Array, Mask, Whole
from dexter.features.known import Asked
from dexter.features.moments import NEVER, bars_known_at
from dexter.ml.outcomes import (
    COST,
    HORIZON,
    days_of,
    first_tradable,
    opens_locked,
    rows_of,
    windows,
)

SEARCHED = HORIZON
"""Sessions within which somebody would have bought, or not at all."""


@dataclass(frozen=True, slots=True)
class Holding:
    """``n`` holdings as columns.

    ``entry_day`` and ``exit_day`` are days since 1970, -1 where there is none.
    ``net_return`` is per one after ``COST``; ``abnormal`` the return before cost less
    the market's over the sessions held, the first one whole: what the market's shares
    cost at an open is not kept. ``known_at`` is the moment the last session was over,
    ``NEVER`` where the state is not ``KNOWN``.
    """

    state: tuple[State, ...]
    entry_day: Whole
    exit_day: Whole
    net_return: Array
    abnormal: Array
    known_at: Whole


def held(
    bars: Bars, calendar: Whole, market: Array, asked: Asked, sessions: int
) -> Holding:
    """Buy at the first tradable open, sell at the close ``sessions`` sessions on.

    Args:
        bars: Bars of all companies, as far as known at all.
        calendar: The market's sessions as days, ascending.
        market: The market's return of each session of ``calendar``, NaN where unknown.
        asked: The events.
        sessions: How many closes are lived through, 1 for that of the day of entry.
    """
    many = len(asked)
    if not (len(bars) and len(calendar)):
        return _nothing(many)
    window = windows(calendar, asked, SEARCHED - 1 + sessions)
    days = days_of(calendar, window)
    row = rows_of(bars, asked.company, days)
    first = row[:, :SEARCHED]
    entry = first_tradable(bars, asked, first)
    bought = entry >= 0
    # Rows are of different sessions, so a row says which session it is.
    started = np.argmax((first == entry[:, None]) & bought[:, None], axis=1)
    event = np.arange(many)
    ended = started + sessions - 1
    out = row[event, ended]
    over = window[event, ended] >= 0
    state = _states(bars, first, window, bought, over, out >= 0)
    known = np.array([one is State.KNOWN for one in state], dtype=np.bool_)
    with np.errstate(divide="ignore", invalid="ignore"):
        gross = bars.close[np.maximum(out, 0)] / bars.open[np.maximum(entry, 0)] - 1
    markets = _market(market, window, started, sessions)
    last = np.where(known, days[event, ended], -1)
    return Holding(
        state=state,
        entry_day=np.where(bought, days[event, started], -1),
        exit_day=last,
        net_return=np.where(known, gross - COST, np.nan),
        abnormal=np.where(known, gross - markets, np.nan),
        known_at=np.where(known, bars_known_at(last), NEVER),
    )


def _states(
    bars: Bars, first: Whole, window: Whole, bought: Mask, over: Mask, priced: Mask
) -> tuple[State, ...]:
    there = first >= 0
    searched = window[:, SEARCHED - 1] >= 0
    locked = (there & opens_locked(bars, np.maximum(first, 0))).any(axis=1)
    choices = (
        (bought & over & priced, State.KNOWN),
        (bought & ~over, State.AHEAD),
        (bought, State.NO_PRICE),
        (~searched, State.AHEAD),
        (locked, State.LOCKED),
        (np.ones_like(bought), State.NO_PRICE),
    )
    first_true = np.argmax([mask for mask, _ in choices], axis=0)
    return tuple(choices[place][1] for place in first_true)


def _market(market: Array, window: Whole, started: Whole, sessions: int) -> Array:
    """The market's return over the sessions of each holding, one after the other."""
    grown = np.ones(len(window))
    for step in range(sessions):
        place = window[np.arange(len(window)), started + step]
        grown *= np.where(place >= 0, 1 + market[np.maximum(place, 0)], np.nan)
    return grown - 1


def _nothing(many: int) -> Holding:
    never = np.full(many, -1, dtype=np.int64)
    unknown = np.full(many, np.nan)
    return Holding(
        state=(State.AHEAD,) * many,
        entry_day=never,
        exit_day=never,
        net_return=unknown,
        abnormal=unknown,
        known_at=np.full(many, NEVER),
    )
