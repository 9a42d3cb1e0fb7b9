"""Dated announcements; their text is untrusted and only ever quoted."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from dexter.domain.filing import Headline, Tone
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Window
from dexter.store.database import Database
from dexter.store.identity import canon
from dexter.store.tables import news
from dexter.store.tones import headline_of, known_tones


class StoreNews:
    """Implements ``ports.NewsSource`` over what was imported.

    Args:
        database: An open home.
        hindsight: Whether a tone of a model counts from when the headline came out, in
            place of when the model read it.
    """

    def __init__(self, database: Database, *, hindsight: bool = False) -> None:
        self._database, self._hindsight = database, hindsight

    async def headlines(
        self, symbol: str, window: Window, as_of: AsOf
    ) -> tuple[Headline, ...]:
        """Announcements of a company in a window, oldest first, with their tones."""
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
            found = [headline_of(row) for row in rows]
            digests = [one.said_digest for one in found]
            heard = known_tones(
                connection, as_of, hindsight=self._hindsight, of=digests
            )
        return tuple(
            replace(one, model_tone=heard[digest].value) if digest in heard else one
            for one, digest in zip(found, digests, strict=True)
        )

    def everything(
        self, as_of: AsOf, since: date | None = None
    ) -> dict[str, list[Headline]]:
        """Every visible headline of every company (from a day on), oldest first.

        Without tones: what is read here is looked at from many moments (see ``tones``).
        """
        opens = datetime.combine(since or date(1900, 1, 1), time.min, IST)
        query = (
            sa.select(news)
            .where(news.c.published_at <= as_of.moment)
            .where(news.c.published_at >= opens)
            .order_by(news.c.symbol, news.c.published_at, news.c.digest)
        )
        found: dict[str, list[Headline]] = {}
        with self._database.read() as connection:
            for row in connection.execute(query).mappings():
                found.setdefault(row["symbol"], []).append(headline_of(row))
        return found

    def tones(self, as_of: AsOf) -> dict[str, Tone]:
        """Every visible tone, by the digest of the words it is of."""
        with self._database.read() as connection:
            return known_tones(connection, as_of, hindsight=self._hindsight)
