"""What became of every alert after 1, 3 and 10 sessions, as far as a moment knew.

Each alert is held to the first price somebody could have bought at after its results
came out, whoever sent it when; one made later than that is counted as late.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from dexter.domain.ledger import AlertOutcome, AlertRecord, OutcomeState
from dexter.domain.moment import AsOf, bar_known_at
from dexter.domain.period import Quarter, Window
from dexter.features.bars import Bars
from dexter.features.columns import Array, Whole
from dexter.features.known import Asked
from dexter.features.market_days import market_days_of
from dexter.features.moments import (
    at_minute,
    day_of,
    moment_number,
    quarter_number,
    whole,
)
from dexter.ml.holding import Holding, held
from dexter.ml.ledger import Everyone, Followed, LedgerSummary, summarise
from dexter.ml.outcomes import OPENS, Outcomes, outcomes
from dexter.store.alerts import AlertLedger
from dexter.store.database import Database
from dexter.store.filings import StoreFilings
from dexter.store.keeping import load_renames
from dexter.store.prices import ParquetPrices
from pipelines.featurize import ALWAYS, end_of, market_sessions
from pipelines.panel import Part, panel

HORIZONS = (1, 3, 10)
BEFORE = timedelta(days=40)
"""Bars of so many days before the first alert: what limits and moves stand on."""

AROUND = timedelta(days=10)
"""Events published so long before or after may share a session 0 with an alert."""


@dataclass(frozen=True, slots=True)
class _Market:
    """Bars, sessions and the market's return, up to the last day known."""

    companies: dict[str, int]
    bars: Bars
    calendar: Whole
    returns: Array


@dataclass(frozen=True, slots=True)
class _Seen:
    """Alerts or events with a known publication, and what followed, by horizon."""

    asked: Asked
    labels: tuple[Outcomes, ...]
    holdings: tuple[Holding, ...]

    @property
    def day0(self) -> Whole:
        return self.labels[0].day0


def score(database: Database, as_of: AsOf) -> LedgerSummary:
    """Work out every alert's outcomes, keep them, and sum them up.

    Args:
        database: An open home.
        as_of: Nothing known after this moment counts; what is not known then is
            written down as such.

    Raises:
        StoreError: database or prices do not read.
    """
    ledger = AlertLedger(database)
    records = tuple(r for r in ledger.records() if r.made_at <= as_of.moment)
    dated = [r for r in records if r.published_at is not None]
    if not dated:
        return _nothing(ledger, records)
    market = _market(database, min(map(_published, dated)).date(), as_of)
    names = _latest_names(database, dated)
    mine = _follow(market, names, [_published(r) for r in dated], _ends(dated))
    theirs = _same_days(database, market, mine, as_of)
    followed = [
        _followed(records, dated, mine, step) for step, _ in enumerate(HORIZONS)
    ]
    for one in followed:
        ledger.keep_outcomes(one.outcomes)
    return summarise(followed, theirs)


def _nothing(ledger: AlertLedger, records: tuple[AlertRecord, ...]) -> LedgerSummary:
    never = np.full(len(records), -1, dtype=np.int64)
    followed = [
        Followed(
            horizon,
            records,
            tuple(_undated(record, horizon) for record in records),
            never,
            np.zeros(len(records), dtype=np.bool_),
        )
        for horizon in HORIZONS
    ]
    for one in followed:
        ledger.keep_outcomes(one.outcomes)
    none = np.zeros(0)
    nobody = Everyone(np.zeros(0, dtype=np.int64), none, none, none)
    return summarise(followed, [nobody] * len(HORIZONS))


def _published(record: AlertRecord) -> datetime:
    if record.published_at is None:
        msg = f"{record.id} has no publication"
        raise ValueError(msg)
    return record.published_at


def _ends(records: Sequence[AlertRecord]) -> list[date]:
    return [record.period_end for record in records]


def _latest_names(database: Database, records: Sequence[AlertRecord]) -> list[str]:
    with database.read() as connection:
        renamed = load_renames(connection)
    return [renamed.get(record.symbol, record.symbol) for record in records]


def _market(database: Database, first: date, as_of: AsOf) -> _Market:
    told = bar_known_at(as_of.day) <= as_of.moment
    until = as_of.day if told else as_of.day - timedelta(days=1)
    found = panel(database, until, Part(first - BEFORE))
    calendar = market_sessions(found)
    companies = {symbol: place for place, symbol in enumerate(found.symbols)}
    kept = asyncio.run(ParquetPrices(database).market(end_of(until), ALWAYS))
    returns = np.full(len(calendar), np.nan)
    if kept is not None:
        days = market_days_of(kept)
        by_day = dict(zip(days.day.tolist(), days.equal_weight.tolist(), strict=True))
        returns = np.array([by_day.get(d, np.nan) for d in calendar.tolist()])
    return _Market(companies, found.bars, calendar, returns)


def _follow(
    market: _Market,
    symbols: Sequence[str],
    published: Sequence[datetime],
    ends: Sequence[date],
) -> _Seen:
    companies = market.companies
    numbers = whole(companies.setdefault(s, len(companies)) for s in symbols)
    asked = Asked(
        company=numbers,
        moment=whole(moment_number(moment) for moment in published),
        quarter=whole(quarter_number(Quarter.containing(end)) for end in ends),
    )
    bars = market.bars.with_companies(len(companies))
    given = bars, market.calendar, market.returns, asked
    return _Seen(
        asked,
        tuple(outcomes(*given, horizon) for horizon in HORIZONS),
        tuple(held(*given, horizon) for horizon in HORIZONS),
    )


def _same_days(
    database: Database, market: _Market, mine: _Seen, as_of: AsOf
) -> list[Everyone]:
    """Every event whose session 0 is that of an alert."""
    days = [day_of(day) for day in np.unique(mine.day0[mine.day0 >= 0])]
    if not days:
        days = [as_of.day]
    window = Window(min(days) - AROUND, max(days) + AROUND, "the days of alerts")
    events = asyncio.run(StoreFilings(database).reporters(window, as_of))
    seen = _follow(
        market,
        [event.symbol for event in events],
        [event.published_at for event in events],
        [event.period_end for event in events],
    )
    same = np.isin(seen.day0, mine.day0[mine.day0 >= 0])
    return [
        Everyone(
            day0=seen.day0[same],
            hit=label.upper_circuit.values[same],
            net_return=holding.net_return[same],
            abnormal=holding.abnormal[same],
        )
        for label, holding in zip(seen.labels, seen.holdings, strict=True)
    ]


def _followed(
    records: tuple[AlertRecord, ...],
    dated: Sequence[AlertRecord],
    seen: _Seen,
    step: int,
) -> Followed:
    place = {(r.id, r.version): number for number, r in enumerate(dated)}
    at = whole(place.get((r.id, r.version), -1) for r in records)
    holding, known = seen.holdings[step], at >= 0
    made = whole(moment_number(record.made_at) for record in records)
    entered = np.where(known, holding.entry_day[at], -1)
    return Followed(
        horizon=HORIZONS[step],
        records=records,
        outcomes=tuple(
            _undated(record, HORIZONS[step])
            if row < 0
            else _outcome(record, seen, step, int(row))
            for record, row in zip(records, at, strict=True)
        ),
        day0=np.where(known, seen.day0[at], -1),
        late=(entered >= 0) & (made > at_minute(entered, OPENS)),
    )


def _outcome(record: AlertRecord, seen: _Seen, step: int, row: int) -> AlertOutcome:
    label, holding = seen.labels[step], seen.holdings[step]
    circuit, state = label.upper_circuit, holding.state[row]
    known = state is OutcomeState.KNOWN
    entry = int(holding.entry_day[row])
    last = holding.exit_day[row] if known else -1
    return AlertOutcome(
        alert_id=record.id,
        version=record.version,
        horizon=HORIZONS[step],
        state=state,
        entry_day=None if entry < 0 else day_of(entry),
        net_return=float(holding.net_return[row]) if known else None,
        abnormal=_number(holding.abnormal[row]) if known else None,
        hit=None if circuit.why[row] else bool(circuit.values[row]),
        known_at=bar_known_at(day_of(last)) if known else None,
    )


def _undated(record: AlertRecord, horizon: int) -> AlertOutcome:
    """Of results nobody knows the moment of there is no first price either."""
    return AlertOutcome(record.id, record.version, horizon, OutcomeState.NO_PRICE)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
