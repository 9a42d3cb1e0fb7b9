"""What followed results events, in columns: the labels models learn and are held to.

Sessions 0, 1 and 2 are the market's: day 0 is the session of publication when it came
by its close (15:30:00 included), else the next one. Entry is at the first tradable
price after publication: the next open of a session, after the one it fell into, that
is not locked at the upper limit. Where no band is fixed, or a session has no bar, the
label is unknown and says why; it is not a 0.

A circuit is *inferred* from the close standing at the upper limit of a standard band
(``Bars.band``).
"""

from dataclasses import dataclass

import numpy as np

from dexter.domain.hours import special_sessions
from dexter.features.bars import Bars
from dexter.features.columns import Array, Column, Mask, Whole
from dexter.features.known import Asked
from dexter.features.moments import (
    NEVER,
    at_minute,
    bars_known_at,
    closes_at,
    day_number,
    ist_days,
)
from dexter.features.steps import Bases

HORIZON = 3
COST = 0.005
"""Round trip: brokerage, taxes, impact; 0.25 % a side. Stressed at twice that."""

BANDS = (2.0, 5.0, 10.0, 20.0)
OPENS = 9 * 60 + 15
_FLOAT = 1e-9
_NO_FILL = "every open was locked at the upper limit: nobody could have bought"
_AHEAD = "the window is not over"
_EARLY = "published before the first session at hand"
_NO_BARS = "there are no prices"
_GAP = "no bar on each session of the window"
_FUTURES = "no fixed price band (futures trade)"


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Labels of ``n`` events as columns.

    ``upper_circuit`` is 1.0 when a session of the window closed at its upper limit
    (also where another has no bar), ``touched`` when its high stood there.
    ``net_return`` is per one, after ``COST``, from the first tradable open to the close
    of session 2; ``positive`` whether it is above 0. ``abnormal`` is the sum over the
    window of the share's close-to-close return minus the market's. ``day0`` and
    ``last_day`` are the first and last session of the window, -1 while ahead;
    ``known_at`` the moment the window was over, ``NEVER`` before; ``locked_open`` marks
    a day 0 whose open was untradeable.
    """

    upper_circuit: Column
    touched: Column
    positive: Column
    net_return: Column
    abnormal: Column
    day0: Whole
    last_day: Whole
    known_at: Whole
    locked_open: Mask

    def label(self, name: str) -> Column:
        """A label by its name (``LABELS``)."""
        column: Column = getattr(self, LABELS[name])
        return column


LABELS = {
    "upper_circuit_3d": "upper_circuit",
    "band_touch_3d": "touched",
    "positive_return_3d": "positive",
}
"""What can be predicted, by the name users give."""


def outcomes(
    bars: Bars, calendar: Whole, market: Array, asked: Asked, horizon: int = HORIZON
) -> Outcomes:
    """Label events.

    Args:
        bars: Bars of all companies, as far as known at all.
        calendar: The market's sessions as days, ascending.
        market: The market's return of each session of ``calendar``, NaN where unknown.
        asked: The events.
        horizon: How many sessions the window has.
    """
    if not (len(bars) and len(calendar)):
        return _nothing(len(asked))
    window = windows(calendar, asked, horizon)
    days = days_of(calendar, window)
    row = rows_of(bars, asked.company, days)
    there = row >= 0
    at = np.maximum(row, 0)
    over = window[:, -1] >= 0
    whole = np.asarray(there.all(axis=1), dtype=np.bool_)
    futures = np.asarray((there & (bars.no_band[at] > 0)).any(axis=1), dtype=np.bool_)
    hit = (there & (bars.band[at] > 0)).any(axis=1)
    known_at = np.where(over, bars_known_at(days[:, -1]), NEVER)
    ahead = (_early(calendar, asked), _EARLY), (~over, _AHEAD)
    absent = *ahead, (futures, _FUTURES)
    gap = (~whole, _GAP)
    entry = first_tradable(bars, asked, row)
    paid = bars.open[np.maximum(entry, 0)]
    with np.errstate(divide="ignore", invalid="ignore"):
        earned = bars.close[at[:, -1]] / paid - 1 - COST
    moves = bars.move[at] - market[np.maximum(window, 0)]
    net = Column.of(earned, *ahead, gap, (entry < 0, _NO_FILL))
    touched = hit | (there & _touches(bars, at)).any(axis=1)
    return Outcomes(
        upper_circuit=Column.of(hit.astype(float), *absent, (~whole & ~hit, _GAP)),
        touched=Column.of(touched.astype(float), *absent, (~whole & ~touched, _GAP)),
        positive=Column(
            np.where(net.why == 0, (net.values > 0).astype(float), np.nan),
            net.why,
            net.reasons,
        ),
        net_return=net,
        abnormal=Column.of(moves.sum(axis=1), *ahead, gap),
        day0=days[:, 0],
        last_day=days[:, -1],
        known_at=known_at,
        locked_open=there[:, 0] & opens_locked(bars, at[:, 0]),
    )


def windows(calendar: Whole, asked: Asked, sessions: int) -> Whole:
    """Places in the calendar of the sessions from day 0 on, -1 where not there.

    Returns:
        Shape ``(n, sessions)``.
    """
    day0 = np.searchsorted(closes_at(calendar), asked.moment, side="left")
    window = day0[:, None] + np.arange(sessions)
    early = _early(calendar, asked)
    return np.where((window < len(calendar)) & ~early[:, None], window, -1)


def _early(calendar: Whole, asked: Asked) -> Mask:
    """Before the first session at hand others may have come between."""
    return np.asarray(ist_days(asked.moment) < calendar.min(), dtype=np.bool_)


def _nothing(events: int) -> Outcomes:
    """No label of any event, for there is no bar."""
    unknown = Column.nothing(events, _NO_BARS)
    nowhere = np.full(events, -1, dtype=np.int64)
    return Outcomes(
        upper_circuit=unknown,
        touched=unknown,
        positive=unknown,
        net_return=unknown,
        abnormal=unknown,
        day0=nowhere,
        last_day=nowhere,
        known_at=np.full(events, NEVER, dtype=np.int64),
        locked_open=np.zeros(events, dtype=np.bool_),
    )


def days_of(calendar: Whole, window: Whole) -> Whole:
    """Days of places in the calendar, -1 where there is none; same shape."""
    return np.where(window >= 0, calendar[np.maximum(window, 0)], -1)


def rows_of(bars: Bars, company: Whole, days: Whole) -> Whole:
    """Row of each company's bar on each of its days, -1 where there is none.

    Args:
        bars: Bars of all companies.
        company: Shape ``(n,)``.
        days: Shape ``(n, k)``, as the result.
    """
    apart = 1 << 20
    owner = np.repeat(np.arange(bars.companies), np.diff(bars.starts))
    keys = owner * apart + bars.day
    wanted = company[:, None] * apart + days
    place = np.searchsorted(keys, wanted)
    found = (place < len(keys)) & (days >= 0)
    found &= keys[np.minimum(place, len(keys) - 1)] == wanted if len(keys) else False
    return np.where(found, place, -1).astype(np.int64)


def first_tradable(bars: Bars, asked: Asked, row: Whole) -> Whole:
    """Row at whose open one could first have bought, -1 where nobody could.

    Args:
        bars: Bars of all companies.
        asked: The events.
        row: Rows of the sessions from day 0 on, ``(n, k)``.
    """
    at = np.maximum(row, 0)
    during = _opens_at(bars.day[at[:, 0]]) <= asked.moment
    entry = np.full(len(row), -1, dtype=np.int64)
    for session in range(row.shape[1] - 1, -1, -1):
        free = ~opens_locked(bars, at[:, session]) & (bars.open[at[:, session]] > 0)
        if session == 0:
            free &= ~during
        entry = np.where((row[:, session] >= 0) & free, row[:, session], entry)
    return entry


def _opens_at(days: Whole) -> Whole:
    """When each session opens: 09:15, but for an hour on Diwali evening."""
    found = at_minute(days, OPENS)
    for told in special_sessions()["session"]:
        opens = told["opens"]
        chosen = days == day_number(told["day"])
        found[chosen] = at_minute(days[chosen], 60 * opens.hour + opens.minute)
    return found


def opens_locked(bars: Bars, row: Whole) -> Mask:
    """Whether a session opened at its upper limit, by inference.

    The open is the session's high and stands within one step below a band's limit.
    """
    opens: Array = bars.open[row]
    return _at_limit(bars, row, opens, BANDS) & (opens >= bars.high[row] - _FLOAT)


def _touches(bars: Bars, row: Whole) -> Mask:
    """Whether a session's high stood at its upper limit, by inference.

    A day's high 2 % up is mostly chance, so that band is told by closes alone.
    """
    return _at_limit(bars, row, bars.high[row], BANDS[1:])


def _at_limit(bars: Bars, row: Whole, price: Array, bands: tuple[float, ...]) -> Mask:
    bases, raw = Bases.of(bars.base[row], bars.day[row]), price / bars.factor[row]
    found = np.zeros(row.shape, dtype=np.bool_)
    for band in bands:
        found |= bases.reached(raw, band)
    return found & ~(bars.no_band[row] > 0)
