"""The companies the operator watches, looked up in the directory of the home."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import sqlalchemy as sa

from dexter.domain.company import Company, CompanyMatch
from dexter.operating.needs import Lack
from dexter.store.database import DATABASE_FILE, Database
from dexter.store.directory import StoreDirectory
from dexter.store.tables import companies

_LIKELY = 60
_MOST_NAMED = 3
_UNASKED = (
    "no companies are kept in this home yet, so the watched symbols were not looked up"
)


def unknown(symbols: Sequence[str], home: Path) -> tuple[Lack, ...]:
    """What the home's directory does not know, or knows by another symbol.

    Nothing is made in a home without a database.

    Raises:
        StoreError: the database cannot be read.
    """
    if not symbols:
        return ()
    if not (home / DATABASE_FILE).is_file():
        return (_unasked(),)
    database = Database.open(home)
    try:
        if not _any(database):
            return (_unasked(),)
        found = asyncio.run(_looked_up(symbols, StoreDirectory(database)))
    finally:
        database.close()
    return tuple(_told(found))


def _unasked() -> Lack:
    return Lack("watch.symbols", _UNASKED, "Collect them with `dexter data sync`.")


def _any(database: Database) -> bool:
    with database.read() as connection:
        return (
            connection.execute(sa.select(companies.c.symbol).limit(1)).first()
            is not None
        )


_Found = tuple[str, Company | None, tuple[CompanyMatch, ...]]


async def _looked_up(symbols: Sequence[str], directory: StoreDirectory) -> list[_Found]:
    found: list[_Found] = []
    for symbol in symbols:
        company = await directory.get(symbol)
        like = () if company else await directory.find(symbol, _MOST_NAMED)
        found.append((symbol, company, like))
    return found


def _told(found: Sequence[_Found]) -> Iterator[Lack]:
    for number, (symbol, company, like) in enumerate(found):
        where = f"watch.symbols[{number}]"
        if company is None:
            near = [one.company for one in like if one.score >= _LIKELY]
            named = ", ".join(f"{one.symbol} ({one.name})" for one in near)
            hint = f"The nearest: {named}." if near else "See `dexter data status`."
            yield Lack(where, f"no company {symbol} is known here", hint)
        elif company.symbol != symbol:
            hint = f"Write {company.symbol}."
            yield Lack(where, f"{symbol} is {company.symbol} ({company.name})", hint)
