"""Dated announcements; their text is untrusted and only ever quoted."""

from datetime import datetime, time, timedelta

import sqlalchemy as sa

from dexter.domain.filing import Headline
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Window
from dexter.store.database import Database
from dexter.store.identity import canon
from dexter.store.tables import news


class StoreNews:
    """Implements ``ports.NewsSource`` over what was imported."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def headlines(
        self, symbol: str, window: Window, as_of: AsOf
    ) -> tuple[Headline, ...]:
        """Announcements of a company in a window, oldest first."""
        opens = datetime.combine(window.start, time.min, IST)
        closes = datetime.combine(window.end + timedelta(days=1), time.min, IST)
        with self._database.read() as connection:
            query = (
                sa.select(news)
                .where(news.c.symbol == canon(connection, symbol))
                .where(news.c.published_at >= opens, news.c.published_at < closes)
                .where(news.c.published_at <= as_of.moment)
                .order_by(news.c.published_at, news.c.digest)
            )
            rows = connection.execute(query).mappings().all()
        return tuple(
            Headline(
                symbol=row["symbol"],
                published_at=row["published_at"],
                title=row["title"],
                text=row["text"],
                source=row["source"],
                url=row["url"],
            )
            for row in rows
        )
