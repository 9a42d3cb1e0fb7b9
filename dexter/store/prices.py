"""Daily bars and index closes, as visible at a moment."""

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from dexter.domain.market import (
    CorporateAction,
    IndexHistory,
    MarketHistory,
    PriceHistory,
    SessionBars,
)
from dexter.domain.moment import IST, AsOf, bar_known_at
from dexter.errors import StoreCorruptError
from dexter.store.database import Database
from dexter.store.identity import canon
from dexter.store.market_days import read_market
from dexter.store.price_list import BARS_NOTE, PriceFile, listed
from dexter.store.tables import actions, index_closes

if TYPE_CHECKING:
    import pyarrow as pa

    from dexter.store.price_view import BarView

T = TypeVar("T")
__all__ = ["BARS_NOTE", "ParquetPrices", "factors"]

DELIVERY_TOLD = time(20)
"""When the exchanges have published the deliveries of a day, IST."""
INDICES_TOLD = time(20)
"""When the exchange's file of a day's index closes is out, IST."""
# Files are merged under new names as sessions come in; this address stays.
SOURCE = "prices/bars"


class ParquetPrices:
    """Implements ``ports.PriceSource``; opens the Parquet files at the first read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._seen: BarView | None = None

    async def history(
        self, symbol: str, as_of: AsOf, sessions: int
    ) -> PriceHistory | None:
        """The last ``sessions`` bars visible at the moment, or none at all.

        ``factor`` holds splits and bonuses whose ex-date is at or before the last bar,
        so the last factor is 1 and later actions are not known.

        Raises:
            StoreCorruptError: a Parquet file does not read.
        """
        with self._database.read() as connection:
            key = canon(connection, symbol)
            files = listed(connection)
            if not files:
                return None
            splits = _actions(connection, key)
        day = _last_day(as_of)
        table = self._read(files, lambda view: view.told(key, day))
        first = max(0, table.num_rows - sessions)
        cut = _columns(table.slice(first).drop_columns(["canon"]))
        if not cut["date"]:
            return None
        delivered = cut["delivered"]
        if not _deliveries_told(cut["date"][-1], as_of):
            delivered = (*delivered[:-1], None)
        return PriceHistory(
            symbol=key,
            sessions=cut["date"],
            open=cut["open"],
            high=cut["high"],
            low=cut["low"],
            close=cut["close"],
            base=cut["base"],
            factor=factors(cut["date"], splits),
            volume=cut["volume"],
            turnover=cut["turnover"],
            band=cut["band"],
            no_band=cut["fno"],
            source=SOURCE,
            last=cut["last"],
            price_band=cut["price_band"],
            tick=cut["tick"],
            trades=cut["trades"],
            delivered=delivered,
        )

    async def session(self, day: date, as_of: AsOf) -> SessionBars | None:
        """All bars of a session, or none when there are none or it had not closed.

        Deliveries are unknown until they were published, in the evening.

        Raises:
            StoreCorruptError: a Parquet file does not read.
        """
        if day > _last_day(as_of):
            return None
        with self._database.read() as connection:
            files = listed(connection)
        table = self._read(files, lambda view: view.on(day))
        if not table.num_rows:
            return None
        cut = _columns(table.drop_columns(["date"]))
        if not _deliveries_told(day, as_of):
            cut["delivered"] = (None,) * table.num_rows
        symbols, no_band = cut.pop("canon"), cut.pop("fno")
        return SessionBars(
            day=day, symbol=symbols, no_band=no_band, source=SOURCE, **cut
        )

    async def index(self, name: str, as_of: AsOf, sessions: int) -> IndexHistory | None:
        """The last closes of an index (``NIFTY_500``, ``INDIA_VIX``).

        A close is visible from the evening of its day, when the exchange's file of it
        is out.
        """
        told = as_of.day
        if datetime.combine(told, INDICES_TOLD, IST) > as_of.moment:
            told -= timedelta(days=1)
        query = (
            sa.select(index_closes)
            .where(index_closes.c.name == name, index_closes.c.session <= told)
            .order_by(index_closes.c.session.desc())
            .limit(sessions)
        )
        with self._database.read() as connection:
            rows = connection.execute(query).mappings().all()[::-1]
        if not rows:
            return None
        return IndexHistory(
            name=name,
            sessions=tuple(row["session"] for row in rows),
            close=tuple(row["close"] for row in rows),
            source=rows[-1]["source"],
        )

    async def market(self, as_of: AsOf, sessions: int) -> MarketHistory | None:
        """The last sessions of the whole market, or none where none are kept."""
        with self._database.read() as connection:
            return read_market(connection, as_of, _last_day(as_of), sessions)

    def actions(self, symbol: str) -> tuple[CorporateAction, ...]:
        """Splits and bonuses of a company, by ex-date (every one that is kept)."""
        with self._database.read() as connection:
            return _actions(connection, symbol)

    def every_action(self) -> dict[str, list[CorporateAction]]:
        """Splits and bonuses of every company, by ex-date."""
        found: dict[str, list[CorporateAction]] = {}
        query = sa.select(actions).order_by(actions.c.symbol, actions.c.ex_date)
        with self._database.read() as connection:
            for row in connection.execute(query).mappings():
                one = CorporateAction(
                    row["symbol"], row["ex_date"], row["factor"], row["kind"]
                )
                found.setdefault(one.symbol, []).append(one)
        return found

    def everything(
        self, until: date, since: date | None = None, whole: Collection[str] = ()
    ) -> "pa.Table":
        """Every bar up to a day, by symbol and day; columns as in ``store.bars``.

        With ``since`` only those from that day on, but all of the symbols in ``whole``.

        Raises:
            StoreCorruptError: a Parquet file does not read.
        """
        with self._database.read() as connection:
            files = listed(connection)
        return self._read(files, lambda view: view.between(since, until, whole))

    def bars_by_day(self) -> dict[date, int]:
        """How many bars each session has, whenever it was."""
        with self._database.read() as connection:
            files = listed(connection)
        return self._read(files, lambda view: view.bars_by_day())

    def _read(self, files: tuple[PriceFile, ...], what: "Callable[[BarView], T]") -> T:
        try:
            return what(self._view(files))
        except StoreCorruptError:
            # Files that were merged meanwhile are gone; others are listed then.
            with self._database.read() as connection:
                now = listed(connection)
            if now == files:
                raise
            return what(self._view(now))

    def _view(self, files: tuple[PriceFile, ...]) -> "BarView":
        if self._seen is None or self._seen.files != files:
            # pyarrow takes a quarter of a second to import: only a run that reads
            # prices pays for it.
            from dexter.store.price_view import BarView  # noqa: PLC0415

            self._seen = BarView(self._database.home, files, self._seen)
        return self._seen


def factors(
    days: tuple[date, ...], splits: tuple[CorporateAction, ...]
) -> tuple[float, ...]:
    """The back-adjustment of each bar towards the last one.

    A bar is multiplied by every action with ``bar < ex_date <= last bar``.
    """
    if not days:
        return ()
    ahead = [s for s in splits if days[0] < s.ex_date <= days[-1]]
    found: list[float] = []
    factor = 1.0
    for day in reversed(days):
        while ahead and day < ahead[-1].ex_date:
            factor *= float(ahead.pop().factor)
        found.append(factor)
    return tuple(reversed(found))


def _last_day(as_of: AsOf) -> date:
    """The last day whose bar is known at the moment, if it had one."""
    day = as_of.day
    return day if bar_known_at(day) <= as_of.moment else day - timedelta(days=1)


def _deliveries_told(day: date, as_of: AsOf) -> bool:
    return datetime.combine(day, DELIVERY_TOLD, IST) <= as_of.moment


def _actions(connection: Connection, symbol: str) -> tuple[CorporateAction, ...]:
    query = sa.select(actions).where(actions.c.symbol == symbol)
    rows = connection.execute(query.order_by(actions.c.ex_date)).mappings()
    return tuple(
        CorporateAction(symbol, row["ex_date"], row["factor"], row["kind"])
        for row in rows
    )


def _columns(table: Any) -> dict[str, Any]:  # noqa: ANN401 - pyarrow is not here yet
    from dexter.store.bar_order import values  # noqa: PLC0415 - as above

    return {name: values(table[name]) for name in table.column_names}
