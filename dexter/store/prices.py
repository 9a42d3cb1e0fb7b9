"""Daily bars and index closes, as visible at a moment."""

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from dexter.domain.market import CorporateAction, IndexHistory, PriceHistory
from dexter.domain.moment import AsOf, bar_known_at
from dexter.store.database import Database
from dexter.store.identity import canon
from dexter.store.tables import actions, index_closes

if TYPE_CHECKING:
    from dexter.store.bars import BarFile

BARS_NOTE = "bars_file"


class ParquetPrices:
    """Implements ``ports.PriceSource``; opens the Parquet file at the first read."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open: BarFile | None = None

    async def history(
        self, symbol: str, as_of: AsOf, sessions: int
    ) -> PriceHistory | None:
        """The last ``sessions`` bars visible at the moment, or none at all.

        ``factor`` holds splits and bonuses whose ex-date is at or before the last bar,
        so the last factor is 1 and later actions are not known.

        Raises:
            StoreCorruptError: the Parquet file does not read.
        """
        with self._database.read() as connection:
            key = canon(connection, symbol)
        path = self._path()
        if path is None:
            return None
        columns = self._file(path).of(key).to_pydict()
        days: list[date] = columns["date"]
        last = _visible(days, as_of)
        first = max(0, last - sessions)
        if last <= first:
            return None
        cut = {name: tuple(values[first:last]) for name, values in columns.items()}
        return PriceHistory(
            symbol=key,
            sessions=cut["date"],
            open=cut["open"],
            high=cut["high"],
            low=cut["low"],
            close=cut["close"],
            base=cut["base"],
            factor=factors(cut["date"], self.actions(key)),
            volume=cut["volume"],
            turnover=cut["turnover"],
            band=cut["band"],
            no_band=cut["fno"],
            source=f"prices/{path.name}",
        )

    async def index(self, name: str, as_of: AsOf, sessions: int) -> IndexHistory | None:
        """The last closes of an index (``NIFTY_500``, ``INDIA_VIX``)."""
        day = as_of.day
        until = day if bar_known_at(day) <= as_of.moment else day - timedelta(days=1)
        query = (
            sa.select(index_closes)
            .where(index_closes.c.name == name, index_closes.c.session <= until)
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

    def actions(self, symbol: str) -> tuple[CorporateAction, ...]:
        """Splits and bonuses of a company, by ex-date (every one that is kept)."""
        query = sa.select(actions).where(actions.c.symbol == symbol)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(actions.c.ex_date)).mappings()
            return tuple(
                CorporateAction(symbol, row["ex_date"], row["factor"], row["kind"])
                for row in rows
            )

    def _path(self) -> Path | None:
        name = self._database.note(BARS_NOTE)
        return self._database.home / "prices" / name if name else None

    def _file(self, path: Path) -> "BarFile":
        if self._open is None or self._open.path != path:
            # pyarrow takes a quarter of a second to import: only a run that reads
            # prices pays for it.
            from dexter.store.bars import BarFile  # noqa: PLC0415

            self._open = BarFile(path)
        return self._open


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


def _visible(days: list[date], as_of: AsOf) -> int:
    """How many of the ascending sessions had closed by the moment."""
    last = len(days)
    while last and bar_known_at(days[last - 1]) > as_of.moment:
        last -= 1
    return last
