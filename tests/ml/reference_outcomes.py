"""Outcomes of one event, worked out slowly from the rules alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from dexter.domain.circuits import is_telling, tick_size
from dexter.domain.hours import IST, OPEN, close_of, special_sessions
from dexter.domain.market import PriceHistory
from dexter.ml.outcomes import COST

TOUCHED, CLOSED = (5, 10, 20), (2, 5, 10, 20)


@dataclass(frozen=True)
class Plain:
    """What followed; null where nobody can say."""

    circuit: bool | None = None
    touched: bool | None = None
    earned: float | None = None
    abnormal: float | None = None
    window: tuple[date, ...] = ()
    locked: bool = False


def plain(
    history: PriceHistory,
    published: datetime,
    calendar: Sequence[date],
    market: Mapping[date, float],
) -> Plain:
    """Label one event."""
    ahead = [day for day in calendar if close_of(day) >= published]
    if published.astimezone(IST).date() < calendar[0] or len(ahead) < 3:
        return Plain()
    window = tuple(ahead[:3])
    rows = {day: history.sessions.index(day) for day in window if _has(history, day)}
    bars = [rows[day] for day in window if day in rows]
    futures = any(history.no_band[row] for row in bars)
    circuit = any(_closed_at_limit(history, row) for row in bars)
    touch = circuit or any(at_limit(history, row, "high", TOUCHED) for row in bars)
    whole = len(bars) == 3
    locked = window[0] in rows and opened_locked(history, rows[window[0]])
    return Plain(
        circuit=None if futures or not (whole or circuit) else circuit,
        touched=None if futures or not (whole or touch) else touch,
        earned=_earned(history, bars, published) if whole else None,
        abnormal=_abnormal(history, bars, market) if whole else None,
        window=window,
        locked=locked,
    )


def opens_at(day: date) -> datetime:
    """When a session opens."""
    told = {row["day"]: row["opens"] for row in special_sessions()["session"]}
    opens: time = told.get(day, OPEN)
    return datetime.combine(day, opens, IST)


def opened_locked(history: PriceHistory, row: int) -> bool:
    """Whether nobody could have bought at the open."""
    highest = history.open[row] >= history.high[row]
    return highest and at_limit(history, row, "open", CLOSED)


def at_limit(history: PriceHistory, row: int, name: str, bands: Sequence[int]) -> bool:
    """Whether a price stands within one step below a band's limit, and not above."""
    if history.no_band[row]:
        return False
    price = Decimal(str(getattr(history, name)[row]))
    base, day = Decimal(str(history.base[row])), history.sessions[row]
    step = tick_size(base, day)
    return any(
        limit - step <= price <= limit and is_telling(base, Decimal(band), step)
        for band in bands
        for limit in [base * (100 + band) / 100]
    )


def _has(history: PriceHistory, day: date) -> bool:
    return day in history.sessions


def _closed_at_limit(history: PriceHistory, row: int) -> bool:
    base, band = Decimal(str(history.base[row])), Decimal(history.band[row])
    step = tick_size(base, history.sessions[row])
    return band > 0 and is_telling(base, band, step)


def _earned(
    history: PriceHistory, rows: Sequence[int], published: datetime
) -> float | None:
    for row in rows:
        opens = opens_at(history.sessions[row])
        if opens > published and not opened_locked(history, row):
            paid = history.open[row] * history.factor[row]
            last = rows[-1]
            return history.close[last] * history.factor[last] / paid - 1 - COST
    return None


def _abnormal(
    history: PriceHistory, rows: Sequence[int], market: Mapping[date, float]
) -> float:
    moves = (history.close[row] / history.base[row] - 1 for row in rows)
    ours = (market[history.sessions[row]] for row in rows)
    return sum(moves) - sum(ours)
