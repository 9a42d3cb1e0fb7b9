"""Markets, indices and headlines made up for tests, and what is known of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from dexter.domain.filing import Basis, Headline
from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import bars_of, series_of
from dexter.features.columns import Column
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Known, Sources, see
from dexter.features.market_days import market_days_of
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.features.stories import stories_of

QUARTER = Quarter(2025, 1)


def known_at(
    *moments: datetime,
    prices: PriceHistory | None = None,
    indices: Mapping[str, IndexHistory] | None = None,
    market: MarketHistory | None = None,
    figures: Sequence[QuarterFigures] = (),
    headlines: Sequence[Headline] = (),
    quarter: Quarter = QUARTER,
) -> Known:
    """What was known of one company at some moments."""
    n = len(moments)
    return see(
        Sources(
            bars=bars_of([prices]),
            indices={name: series_of(one) for name, one in (indices or {}).items()},
            market=None if market is None else market_days_of(market),
            figures=figures_of([figures], Basis.STANDALONE),
            stories=stories_of([headlines]),
        ),
        Asked(
            company=whole([0] * n),
            moment=whole(moment_number(moment) for moment in moments),
            quarter=whole([quarter_number(quarter)] * n),
        ),
    )


def market_of(sessions: Sequence[date], **told: object) -> MarketHistory:
    """A market of which nothing happens, but for what is told."""
    n = len(sessions)
    history = MarketHistory(
        sessions=tuple(sessions),
        shares=(100,) * n,
        advancing=(0.5,) * n,
        above_50=(0.5,) * n,
        above_200=(0.5,) * n,
        highs_252=(0.0,) * n,
        lows_252=(0.0,) * n,
        upper_closes=(0,) * n,
        lower_closes=(0,) * n,
        banded=(100,) * n,
        median_turnover=(1e7,) * n,
        equal_weight=(0.0,) * n,
        resolved=(0,) * n,
        resolved_hits=(0,) * n,
        strength=((),) * n,
        result_days=(),
        results=(),
        ranked_days=(),
        profit_qoq=(),
        profit_change=(),
        profit_yield=(),
        stories_from=None,
        stories_until=None,
        social_from=None,
        source="made up",
    )
    return replace(history, **told)  # type: ignore[arg-type]  # as the caller says


def headline(
    at: datetime, title: str, text: str = "", source: str = "NSE announcement"
) -> Headline:
    return Headline("MADEUP", at, title, text, source)


def value(found: Mapping[str, Column], name: str, row: int = 0) -> float | str:
    """A feature's value, or why there is none."""
    reason = found[name].reason(row)
    return reason or float(found[name].values[row])
