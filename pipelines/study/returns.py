"""What a share did after its results beside what the market did."""

from dataclasses import dataclass

import numpy as np

from dexter.features.bars import Bars
from dexter.features.columns import Array, Whole
from dexter.features.known import Asked
from dexter.ml.outcomes import HORIZON, days_of, first_tradable, rows_of, windows


@dataclass(frozen=True, slots=True)
class After:
    """Returns less the market's, before cost, per one; NaN where not known.

    ``entry`` is from the first tradable open to the close of session 2, the market's
    from the close before that open; ``reaction`` from the close of session 0 to that of
    session 3. Shape ``(n,)``.
    """

    entry: Array
    reaction: Array


def after(bars: Bars, calendar: Whole, market: Array, asked: Asked) -> After:
    """Follow events over the sessions of their window and the one after it.

    Args:
        bars: Bars of all companies, at least one.
        calendar: The market's sessions as days, ascending, at least one.
        market: The market's return of each session, NaN where unknown.
        asked: The events.
    """
    window = windows(calendar, asked, HORIZON + 1)
    row = rows_of(bars, asked.company, days_of(calendar, window))
    entry = first_tradable(bars, asked, row[:, :HORIZON])
    close = np.where(row >= 0, bars.close[row], np.nan)
    gains = np.where(window >= 0, np.log1p(market)[window], np.nan)
    # A window with a hole is no three sessions.
    whole = (row[:, :HORIZON] >= 0).all(axis=1) & (entry >= 0)
    paid = np.where(whole, bars.open[entry], np.nan)
    held = row[:, :HORIZON] >= entry[:, None]
    mine = np.where(held, gains[:, :HORIZON], 0.0).sum(axis=1)
    there = (row >= 0).all(axis=1)
    later = np.where(there, close[:, HORIZON] / close[:, 0] - 1, np.nan)
    return After(
        entry=close[:, HORIZON - 1] / paid - 1 - np.expm1(mine),
        reaction=later - np.expm1(gains[:, 1:].sum(axis=1)),
    )
