"""Prices that keep the exchange's arithmetic, in whole paise.

Bands, ticks, base prices on ex-dates and limit hits follow handbook §5: the upper limit
is the base price plus the band, rounded down to the tick.
"""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from random import Random

from tests.fake_exchange.chance import chance
from tests.fake_exchange.days import Days
from tests.fake_exchange.listing import Company

_CENT_TICKS = date(2024, 6, 10)
_SEVEN_TICKS = date(2025, 4, 15)
_TICKS = ((25_000, 1), (100_000, 5), (500_000, 10), (1_000_000, 50), (2_000_000, 100))
_FREE_RANGE = 9


@dataclass(frozen=True, slots=True)
class Bar:
    """A session of one company; money in paise, ``value`` too.

    ``previous`` is yesterday's close as printed, ``base`` the exchange's base price;
    ``upper`` and ``lower`` are None for a name without a band.
    """

    day: date
    open: int
    high: int
    low: int
    close: int
    last: int
    previous: int
    base: int
    volume: int
    value: int
    trades: int
    delivered: int | None
    band: int | None
    tick: int
    upper: int | None
    lower: int | None


@dataclass(frozen=True, slots=True)
class Action:
    """A corporate action; prices before ``ex_date`` are multiplied by ``factor``."""

    company: Company
    ex_date: date
    told_on: date
    kind: str
    subject: str
    purpose: str
    factor: Fraction


def tick_of(close: int, day: date) -> int:
    """The tick of a month whose last close before it was ``close`` (paise)."""
    if day < _CENT_TICKS:
        return 5
    if day < _SEVEN_TICKS:
        return 1 if close < 25_000 else 5
    return next((tick for limit, tick in _TICKS if close <= limit), 500)


def limits(base: int, band: int, tick: int) -> tuple[int, int]:
    """Upper and lower limit price."""
    upper = base * (100 + band) // (100 * tick) * tick
    return upper, max(tick, -(-base * (100 - band) // (100 * tick)) * tick)


def action_of(company: Company, days: Days) -> Action | None:
    """Splits for 4 and bonuses for 8 of thirty, dividends for 6 of ten."""
    sessions = days.sessions
    if len(sessions) < 3 or company.nse is None:
        return None
    place = 2 + company.number % (len(sessions) - 2)
    ex_date = sessions[place]
    told = sessions[max(0, place - 5)]
    if company.number % 30 == 4:
        subject = (
            "Face Value Split (Sub-Division) - From Rs 10/- Per Share To Rs 2/- "
            "Per Share"
        )
        purpose = "Stock  Split From Rs.10/- to Rs.2/-"
        return Action(company, ex_date, told, "split", subject, purpose, Fraction(1, 5))
    if company.number % 30 == 8:
        return Action(
            company,
            ex_date,
            told,
            "bonus",
            "Bonus 1:1",
            "Bonus issue 1:1",
            Fraction(1, 2),
        )
    if company.number % 10 == 6:
        subject, purpose = "Dividend - Rs 5 Per Share", "Final Dividend - Rs. - 5.0000"
        return Action(company, ex_date, told, "dividend", subject, purpose, Fraction(1))
    return None


def band_on(company: Company, session: date, days: Days) -> int | None:
    """The band of a session in per cent; 5 of twelve change it halfway."""
    if company.band is None or company.number % 12 != 5:
        return company.band
    sessions = days.sessions
    change = sessions[len(sessions) // 3] if sessions else days.days[-1]
    if session < change:
        return company.band
    return 10 if company.band in {5, 20} else 5


def path(
    seed: int, company: Company, days: Days, action: Action | None
) -> tuple[Bar | None, ...]:
    """A bar for each session; None where nobody traded."""
    draw = chance(seed, "prices", company.number)
    close = int(10 ** draw.uniform(3.2, 5.7))
    tick = tick_of(close, days.days[0])
    close = max(tick, close // tick * tick)
    month = days.days[0].month
    bars: list[Bar | None] = []
    for session in days.sessions:
        if session.month != month:
            month, tick = session.month, tick_of(close, session)
        if company.series == "BZ" and draw.random() < 0.15:
            bars.append(None)
            continue
        base = close
        if action and action.ex_date == session:
            exact = close * action.factor / tick
            base = max(tick, round(exact) * tick)
        band = band_on(company, session, days)
        bar = _bar(draw, company, session, (close, base), (band, tick))
        close = bar.close
        bars.append(bar)
    return tuple(bars)


def _bar(
    draw: Random,
    company: Company,
    session: date,
    prices: tuple[int, int],
    rule: tuple[int | None, int],
) -> Bar:
    previous, base = prices
    band, tick = rule
    upper, lower = limits(base, band, tick) if band else (None, None)
    opened, high, low, close, last = _moves(draw, base, (upper, lower), tick)
    volume = int(10 ** draw.uniform(2.5, 6.0)) + 1
    average = (opened + high + low + 2 * close) // 5
    trade_for_trade = company.series in {"BE", "BZ"}
    delivered = None if trade_for_trade else int(volume * draw.uniform(0.2, 0.9))
    return Bar(
        day=session,
        open=opened,
        high=high,
        low=low,
        close=close,
        last=last,
        previous=previous,
        base=base,
        volume=volume,
        value=average * volume,
        trades=max(1, volume // draw.randint(5, 90)),
        delivered=delivered,
        band=band,
        tick=tick,
        upper=upper,
        lower=lower,
    )


def _moves(
    draw: Random, base: int, ends: tuple[int | None, int | None], tick: int
) -> tuple[int, int, int, int, int]:
    """Open, high, low, close, last: locked, touched or an ordinary day."""
    upper, lower = ends
    kind = draw.random()
    if upper is not None and kind < 0.02:
        return (upper,) * 5
    if lower is not None and kind < 0.03:
        return (lower,) * 5
    top = upper if upper is not None else _near(base * (100 + _FREE_RANGE) // 100, tick)
    floor = lower if lower is not None else _near(base * 91 // 100, tick)
    # A tick inside the limits, so that only the days meant to touch do.
    high_end = max(base // tick * tick, top - tick)
    low_end = min(max(tick, -(-base // tick) * tick), max(tick, floor + tick))
    spread = max(1.0, base * 0.018)

    def near(centre: float) -> int:
        price = _near(int(draw.gauss(centre, spread)), tick)
        return max(low_end, min(high_end, price))

    opened, close = near(base), near(base)
    high, low = max(opened, close, near(base)), min(opened, close, near(base))
    last = max(low, min(high, close + draw.choice((-1, 0, 0, 1)) * tick))
    if upper is not None and kind < 0.05:
        return opened, upper, low, upper, upper
    if upper is not None and kind < 0.08:
        return opened, upper, low, close, last
    return opened, high, low, close, last


def _near(price: int, tick: int) -> int:
    return max(tick, round(price / tick) * tick)
