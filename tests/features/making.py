"""Histories and figures made up for tests; nothing here looks like a real company."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np

from dexter.domain.filing import Basis, Grade
from dexter.domain.market import IndexHistory, PriceHistory
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures

FIRST = date(2020, 1, 1)


def weekdays(count: int, first: date = FIRST) -> tuple[date, ...]:
    days = (first + timedelta(days=i) for i in range(2 * count + 7))
    return tuple(day for day in days if day.weekday() < 5)[:count]


def prices_of(
    close: Sequence[float],
    *,
    days: tuple[date, ...] | None = None,
    factor: Sequence[float] | None = None,
    band: Sequence[int] | None = None,
    futures: bool = False,
    spread: float = 0.02,
) -> PriceHistory:
    n = len(close)
    values = np.array(close, dtype=float)
    wiggle = 1 + spread * np.abs(np.sin(np.arange(n)))
    base = np.concatenate(([values[0]], values[:-1]))
    return PriceHistory(
        symbol="MADEUP",
        sessions=days or weekdays(n),
        open=tuple(base.tolist()),
        high=tuple((np.maximum(values, base) * wiggle).tolist()),
        low=tuple((np.minimum(values, base) / wiggle).tolist()),
        close=tuple(values.tolist()),
        base=tuple(base.tolist()),
        factor=tuple(factor) if factor is not None else (1.0,) * n,
        volume=tuple((1e5 * (1 + np.arange(n) % 7)).tolist()),
        turnover=tuple((values * 1e5).tolist()),
        band=tuple(band) if band is not None else (0,) * n,
        no_band=(futures,) * n,
        source="made up",
    )


def walk(count: int, seed: int = 7) -> list[float]:
    steps = np.random.default_rng(seed).normal(0.0005, 0.02, count)
    return [float(price) for price in 100 * np.exp(np.cumsum(steps))]


def index_of(count: int, name: str = "MADE_UP_INDEX") -> IndexHistory:
    closes = tuple(1000.0 + i for i in range(count))
    return IndexHistory(name, weekdays(count), closes, "made up")


def at(day: date, hour: int = 18, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), IST)


def quarter_of(  # noqa: PLR0913 - a row of figures has many columns
    quarter: Quarter,
    profit: str | None,
    revenue: str | None = "1000",
    eps: str | None = None,
    *,
    basis: Basis = Basis.STANDALONE,
    extra: tuple[str, str, str] | None = None,
    known_at: datetime | None = None,
) -> QuarterFigures:
    def number(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text)

    known = known_at or at(quarter.end + timedelta(days=30))
    other, exceptional, before_tax = extra or (None, None, None)
    return QuarterFigures(
        symbol="MADEUP",
        period_end=quarter.end,
        basis=basis,
        revenue=number(revenue),
        net_profit=number(profit),
        eps=number(eps),
        known_at=known,
        published_at=known,
        grade=Grade.IMPORTED,
        sources={},
        other_income=number(other),
        exceptional=number(exceptional),
        profit_before_tax=number(before_tax),
    )


def series_of(last: Quarter, profits: Sequence[str | None]) -> list[QuarterFigures]:
    """Quarters ending with ``last``, oldest profit first."""
    n = len(profits)
    return [quarter_of(last.shift(i + 1 - n), p) for i, p in enumerate(profits)]
