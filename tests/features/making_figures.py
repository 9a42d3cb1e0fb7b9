"""Sources of figures for tests, and the real market's events as columns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dexter.domain.filing import Basis, Grade
from dexter.domain.market import PriceHistory
from dexter.domain.moment import IST, bar_known_at
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features import earnings, financial, standing
from dexter.features.bars import Bars, adjusted, bars_of
from dexter.features.columns import Array, Column
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Known, Sources, see
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.features.stories import stories_of
from tests.features.reference_figures import Event, Trading, Value

TELLING = 1e-9


def known_of(
    figures: Sequence[QuarterFigures],
    quarter: Quarter,
    prices: PriceHistory | None = None,
    *,
    moment: datetime | None = None,
    basis: Basis = Basis.STANDALONE,
) -> Known:
    """One event of one company; by default long after everything was published."""
    return of_bars(bars_of([prices]), figures, quarter, moment, basis)


def of_bars(
    bars: Bars,
    figures: Sequence[QuarterFigures],
    quarter: Quarter,
    moment: datetime | None,
    basis: Basis,
) -> Known:
    when = moment or datetime.combine(quarter.end, datetime.min.time(), IST)
    if moment is None:
        when += timedelta(days=60)
    asked = Asked(
        whole([0]), whole([moment_number(when)]), whole([quarter_number(quarter)])
    )
    return see(sources_of(bars, [figures], basis), asked)


def sources_of(
    bars: Bars, series: Sequence[Sequence[QuarterFigures]], basis: Basis
) -> Sources:
    return Sources(
        bars=bars,
        indices={},
        market=None,
        figures=figures_of(series, basis),
        stories=stories_of([()] * len(series)),
    )


def measured(known: Known) -> Mapping[str, Column]:
    """Every feature of both categories but ranks among other companies."""
    found = financial.compute(known) | earnings.compute(known)
    ranks = {spec.name for spec in standing.SPECS}
    return {name: column for name, column in found.items() if name not in ranks}


def differing(
    found: Mapping[str, Column], wanted: Sequence[Mapping[str, Value]]
) -> dict[str, list[int]]:
    """Rows of each feature that are not the reference's, or not absent as there."""
    assert found.keys() == wanted[0].keys()
    wrong = {}
    for name, column in found.items():
        expected = np.array(
            [np.nan if (v := row[name]) is None else float(v) for row in wanted]
        )
        same = np.isclose(
            column.values, expected, rtol=TELLING, atol=1e-12, equal_nan=True
        )
        if not same.all():
            wrong[name] = np.flatnonzero(~same).tolist()
    return wrong


@dataclass(frozen=True)
class Market:
    """The real events: as columns, each company's figures, and as the file has them."""

    known: Known
    series: list[list[QuarterFigures]]
    rows: list[dict[str, Any]]

    def events(self) -> Iterator[Event]:
        """Every event as the reference reads it, in the order of the rows."""
        known, held, lists = self.known, -1, None
        companies = known.asked.company.tolist()
        ends = (known.end - known.bars.starts[known.asked.company]).tolist()
        visible = known.sessions.tolist()
        for place, (row, company) in enumerate(zip(self.rows, companies, strict=True)):
            if company != held:
                held, lists = company, trading_of(known.bars, company)
            trading = None
            if lists is not None and visible[place]:
                trading = replace(lists, end=ends[place])
            yield Event(
                figures=self.series[company],
                quarter=Quarter.containing(row["q_end"].date()),
                basis=Basis.STANDALONE,
                moment=_announced(row),
                trading=trading,
            )


def real_market(folder: Path) -> Market:
    """Every event of the shared files with its company's bars."""
    pq = pytest.importorskip("pyarrow.parquet")
    table = pq.read_table(folder / "earnings_events.parquet")
    rows = table.sort_by([("canon", "ascending"), ("announce_dt", "ascending")])
    rows = rows.to_pylist()
    names = sorted({row["canon"] for row in rows})
    number = {name: i for i, name in enumerate(names)}
    series: list[list[QuarterFigures]] = [[] for _ in names]
    for row in rows:
        series[number[row["canon"]]].append(_figures(row))
    bars = _bars(folder / "prices.parquet", names)
    asked = Asked(
        company=whole(number[row["canon"]] for row in rows),
        moment=whole(moment_number(_announced(row)) for row in rows),
        quarter=whole(
            quarter_number(Quarter.containing(row["q_end"].date())) for row in rows
        ),
    )
    # Nearly all are standalone; the rest stand alone too, on their own basis.
    known = see(sources_of(bars, series, Basis.STANDALONE), asked)
    return Market(known, series, rows)


def _announced(row: Mapping[str, Any]) -> datetime:
    moment: datetime = row["announce_dt"]
    return moment.replace(tzinfo=IST)


def _figures(row: Mapping[str, Any]) -> QuarterFigures:
    def number(name: str) -> Decimal | None:
        value = row[name]
        return None if value is None or value != value else Decimal(repr(value))  # noqa: PLR0124 - NaN

    consolidated = row["consolidated"] == "Consolidated"
    return QuarterFigures(
        symbol=row["canon"],
        period_end=row["q_end"].date(),
        basis=Basis.CONSOLIDATED if consolidated else Basis.STANDALONE,
        revenue=number("revenue"),
        net_profit=number("net_profit"),
        eps=number("eps"),
        known_at=_announced(row),
        published_at=_announced(row),
        grade=Grade.IMPORTED,
        sources={},
    )


def _bars(path: Path, names: Sequence[str]) -> Bars:
    pq = pytest.importorskip("pyarrow.parquet")
    columns = ["date", "canon", "open", "high", "low", "close", "base_prev", "adj"]
    more = ["volume", "turnover_lacs", "uc_band", "fno"]
    table = pq.read_table(
        path, columns=[*columns, *more], read_dictionary=["canon"]
    ).combine_chunks()
    canon = table["canon"].combine_chunks()
    place = {name: i for i, name in enumerate(names)}
    numbers = [place.get(name, -1) for name in canon.dictionary.to_pylist()]
    owner = np.array(numbers)[canon.indices.to_numpy()]
    days = table["date"].to_numpy().astype("datetime64[D]").astype(np.int64)
    based = table["base_prev"].is_valid().to_numpy()
    order = np.lexsort((days, owner))
    order = order[(owner[order] >= 0) & based[order]]
    owner, days = owner[order], days[order]

    def column(name: str) -> Array:
        values: Array = np.array(table[name].to_numpy(), dtype=np.float64)[order]
        return values

    untold = np.full(len(order), np.nan)
    plain = ("open", "high", "low", "close", "volume")
    return adjusted(
        starts=np.searchsorted(owner, np.arange(len(names) + 1)).astype(np.int64),
        day=days,
        raw={
            **{name: column(name) for name in plain},
            "base": column("base_prev"),
            "turnover": column("turnover_lacs"),
        },
        told={
            "band": column("uc_band"),
            "no_band": column("fno"),
            **dict.fromkeys(("trades", "delivered", "price_band"), untold),
        },
        factor=column("adj"),
    )


def trading_of(bars: Bars, company: int) -> Trading | None:
    """All rows of one company as lists."""
    part = slice(int(bars.starts[company]), int(bars.starts[company + 1]))
    days = bars.day[part].tolist()
    if not days:
        return None
    return Trading(
        day=days,
        known_at=[_bar_known_at(day) for day in days],
        close=bars.close[part].tolist(),
        raw_close=bars.raw_close[part].tolist(),
        factor=bars.factor[part].tolist(),
        move=bars.move[part].tolist(),
        band=bars.band[part].tolist(),
        end=len(days),
    )


@cache
def _bar_known_at(day: int) -> datetime:
    return bar_known_at(date.fromordinal(day + 719_163))
