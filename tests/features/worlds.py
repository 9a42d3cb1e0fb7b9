"""Whole markets as features read them: the real one, and one made up."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from dexter.domain.filing import Basis, Grade, Headline
from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import Bars, bars_of, series_of
from dexter.features.columns import Array, Whole
from dexter.features.figures import Figures, figures_of
from dexter.features.known import Sources
from dexter.features.market_days import QUANTILES, market_days_of
from dexter.features.regime import INDICES
from dexter.features.stories import SOCIAL, Spoken, Stories, stories_of
from dexter.store.database import Database
from pipelines.featurize import world_of
from tests.features.making import at, prices_of, quarter_of, walk, weekdays
from tests.features.making_market import headline, market_of

LAST = date(2100, 1, 1)
SESSIONS = 620
DAYS = weekdays(SESSIONS)
QUARTER = Quarter.ended_before(DAYS[-40])
SPLIT, BONUS = SESSIONS - 300, SESSIONS - 20
_SPAN = 16_384


def real_world(home: Path) -> Sources:
    """Everything of a home with the real market."""
    database = Database.open(home)
    try:
        return world_of(database, LAST, Basis.STANDALONE).sources
    finally:
        database.close()


def made_up_world() -> Sources:
    """Six companies: plain, with gaps, with futures, silent, a day old, barless."""
    return Sources(
        bars=bars_of([_split(), _gaps(), _futures(), _silent(), _day_old(), None]),
        indices={
            name: series_of(IndexHistory(name, DAYS, tuple(walk(SESSIONS, seed)), ""))
            for seed, name in enumerate(INDICES, 40)
        },
        market=market_days_of(_market()),
        figures=figures_of([_told(company) for company in range(6)], Basis.STANDALONE),
        stories=stories_of([_news(company) for company in range(6)]),
    )


def some(world: Sources, companies: Sequence[int]) -> Sources:
    """Some companies of a world, numbered from 0 in the order given."""
    bars = _rows(world.bars.starts, companies)
    columns = {f.name: getattr(world.bars, f.name)[bars] for f in fields(Bars)[1:]}
    mine = [np.flatnonzero(world.figures.company == one) for one in companies]
    figures, owner = np.concatenate(mine), _owners([len(one) for one in mine])
    return replace(
        world,
        bars=Bars(starts=_starts(world.bars.starts, companies), **columns),
        figures=Figures(
            key=owner * _SPAN + world.figures.quarter[figures],
            known_at=world.figures.known_at[figures],
            published_at=world.figures.published_at[figures],
            proven=world.figures.proven[figures],
            items={n: v[figures] for n, v in world.figures.items.items()},
        ),
        stories=_stories(world.stories, companies),
    )


def at_times(stories: Stories, known_at: Whole) -> Stories:
    """The same stories, told at other times; ascending within each company."""
    moments = np.unique(known_at)
    key = _owners(np.diff(stories.starts)) * (len(moments) + 1)
    key += np.searchsorted(moments, known_at)
    return replace(stories, known_at=known_at, moments=moments, key=key)


def _stories(stories: Stories, companies: Sequence[int]) -> Stories:
    rows = _rows(stories.starts, companies)
    columns = {f.name: getattr(stories, f.name)[rows] for f in fields(Spoken)}
    told = replace(stories, starts=_starts(stories.starts, companies), **columns)
    return at_times(told, told.known_at)


def _rows(starts: Whole, companies: Sequence[int]) -> Whole:
    return np.concatenate([np.arange(starts[c], starts[c + 1]) for c in companies])


def _starts(starts: Whole, companies: Sequence[int]) -> Whole:
    lengths = np.diff(starts)[list(companies)]
    return np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)


def _owners(lengths: Sequence[int] | Whole) -> Whole:
    return np.repeat(np.arange(len(lengths)), lengths)


def _history(
    seed: int, days: Sequence[date] = DAYS, factor: Sequence[float] | None = None
) -> PriceHistory:
    """Bars with every column told, and an upper-circuit close now and then."""
    random = np.random.default_rng(seed)
    n = len(days)
    close = np.array(walk(n, seed))
    limits = random.uniform(size=n) < 0.05
    close *= np.cumprod(np.where(limits, 1.1, 1.0))
    given = factor or (1.0,) * n
    plain = prices_of(
        (close / np.array(given)).tolist(),
        days=tuple(days),
        factor=given,
        band=[10 if limit else 0 for limit in limits],
    )
    before = np.array([1.0, *given[:-1]])
    base = np.array(plain.base) * before / np.array(given)
    volume = np.array(plain.volume) * random.uniform(0.2, 3, n)
    return replace(
        plain,
        base=tuple(base.tolist()),
        volume=tuple(volume.tolist()),
        turnover=tuple((volume * np.array(plain.close)).tolist()),
        trades=tuple(int(one) for one in volume / 90),
        delivered=tuple(int(one) for one in volume * random.uniform(0.1, 0.9, n)),
        price_band=(10.0,) * n,
    )


def _split() -> PriceHistory:
    """Two for one long ago, and a bonus among the last sessions."""
    at_day = np.arange(SESSIONS)
    factor = np.where(at_day < SPLIT, 0.25, np.where(at_day < BONUS, 0.5, 1.0))
    return _history(1, factor=factor.tolist())


def _gaps() -> PriceHistory:
    """Suspended for two months, and every ninth session without a bar."""
    days = [
        day
        for place, day in enumerate(DAYS)
        if place % 9 and not SESSIONS - 200 < place < SESSIONS - 160
    ]
    return _history(2, days)


def _futures() -> PriceHistory:
    plain = _history(3)
    half = SESSIONS // 2
    return replace(
        plain, no_band=(False,) * half + (True,) * half, price_band=(None,) * SESSIONS
    )


def _silent() -> PriceHistory:
    """Nothing is traded on most days, and little is told."""
    plain = _history(4)
    traded = [place % 3 == 0 for place in range(SESSIONS)]

    def some(column: Sequence[float]) -> tuple[float, ...]:
        return tuple(
            one if there else 0.0 for one, there in zip(column, traded, strict=True)
        )

    return replace(
        plain,
        volume=some(plain.volume),
        turnover=some(plain.turnover),
        trades=(),
        delivered=(),
        price_band=(),
    )


def _day_old() -> PriceHistory:
    return _history(5, DAYS[-40:-39])


def _market() -> MarketHistory:
    random = np.random.default_rng(6)
    shares = ("advancing", "above_50", "above_200", "highs_252", "lows_252")
    told = {
        name: tuple(random.uniform(0, 1, SESSIONS).tolist())
        for name in (*shares, "median_turnover", "equal_weight")
    }
    counts = {
        name: tuple(random.integers(5, 60, SESSIONS).tolist())
        for name in ("upper_closes", "lower_closes", "resolved", "resolved_hits")
    }
    strength = _spread(random)
    return market_of(
        DAYS,
        **told,
        **counts,
        strength=tuple(map(tuple, strength.tolist())),
        result_days=DAYS,
        results=tuple(random.integers(0, 50, SESSIONS).tolist()),
        ranked_days=DAYS,
        **{
            name: tuple(map(tuple, _spread(random).tolist()))
            for name in ("profit_qoq", "profit_change", "profit_yield")
        },
        stories_from=at(DAYS[0]),
        stories_until=at(DAYS[-1]),
        social_from=at(DAYS[100]),
    )


def _spread(random: np.random.Generator) -> Array:
    return np.sort(random.normal(0, 0.4, (SESSIONS, len(QUANTILES))))


def _told(company: int) -> list[QuarterFigures]:
    """Rows of a long past, a statement over some of them, a revision of the last."""
    random = np.random.default_rng(70 + company)

    def of(quarter: Quarter, known_at: datetime | None = None) -> QuarterFigures:
        profit, revenue = random.integers(-20, 100), random.integers(500, 900)
        row = quarter_of(
            quarter,
            str(profit * 10**6),
            str(revenue * 10**6),
            str(profit / 10),
            extra=(str(10**6), "0", str(profit * 10**6 + 10**7)),
            known_at=known_at,
        )
        return row if quarter.fiscal_year % 2 else _accepted(row)

    past = [of(QUARTER.shift(-back)) for back in range(14)]
    newest = past[0].known_at or at(DAYS[-40])
    return [
        *past,
        *(_accepted(of(QUARTER.shift(-back))) for back in range(0, 12, 3)),
        of(QUARTER, newest + timedelta(days=9)),
        of(QUARTER.next),
    ]


def _accepted(row: QuarterFigures) -> QuarterFigures:
    """The same as a statement tells it: more of it, some days later."""
    assert row.revenue is not None
    assert row.known_at is not None
    part = row.revenue / 10
    more = ("tax", "finance_costs", "depreciation", "employee_cost", "total_assets")
    sheet = ("equity", "share_capital", "reserves", "borrowings")
    banks = ("interest_earned", "interest_expended", "total_income", "provisions")
    told = dict.fromkeys((*more, *sheet, *banks), part)
    later = replace(row, grade=Grade.A, known_at=row.known_at + timedelta(days=2))
    return replace(later, **told)  # type: ignore[arg-type]  # amounts only


def _news(company: int) -> list[Headline]:
    """Stories of all kinds, some at the moment of the results, some social."""
    titles = (
        "Bags order worth a lot",
        "Dividend declared",
        "Credit rating downgraded on default",
        "Analyst meet intimation",
        "Clarification on price movement",
        "Press release",
    )
    sources = ("NSE announcement", f"{SOCIAL}feed")
    return [
        headline(
            at(day, 9 + place % 12, place % 60),
            titles[(place + company) % len(titles)],
            f"Said for the {place % 17}th time.",
            sources[place % 7 == 0],
        )
        for place, day in enumerate(DAYS)
        if (place + company) % 3 == 0
    ]
