"""How far back a home reaches, and whether it holds anything at all."""

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from dexter.domain.moment import IST
from dexter.store import tables as t
from dexter.store.database import Database


def earliest(home: Path) -> date | None:
    """The first Indian day anything is kept of; none when nothing was imported.

    A home with documents of unknown publication only reaches back to no day: then
    today's midnight would hide them, so the first day of the calendar is given.

    Raises:
        StoreCorruptError: the database does not read.
    """
    database = Database.open(home)
    try:
        with database.read() as connection:
            days = [
                moment.astimezone(IST).date()
                for column in (t.events.c.published_at, t.filings.c.known_at)
                if (moment := connection.scalar(sa.select(sa.func.min(column))))
            ]
            first = connection.scalar(sa.select(sa.func.min(t.traded_days.c.day)))
            days += [first] if first else []
            kept = connection.scalar(sa.select(sa.func.count()).select_from(t.filings))
            return min(days, default=date.min if kept else None)
    finally:
        database.close()
