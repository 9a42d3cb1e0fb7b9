"""Companies by ticker and by loose name."""

import json

import sqlalchemy as sa

from dexter.domain.briefs import Coverage, KnownQuarter
from dexter.domain.company import Company, CompanyMatch, Family
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.store.database import Database
from dexter.store.filings import StoreFilings
from dexter.store.linking import Linker, plain_name
from dexter.store.tables import companies

DIRECTORY_NOTE = "directory"
_CERTAIN = 100
# Likeness of letters is never as certain as a name said in words (90 and more).
_LIKE_AT_MOST = 89


class StoreDirectory:
    """Implements ``ports.Directory``; names are read again when they change."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._filings = StoreFilings(database)
        self._linker: Linker | None = None
        self._stamp: str | None = None

    async def find(self, text: str, limit: int) -> tuple[CompanyMatch, ...]:
        """The companies most like a piece of text, best first; score 0–100."""
        linker = self._names()
        exact = linker.ticker(text)
        found = {exact.symbol: CompanyMatch(exact, _CERTAIN, text)} if exact else {}
        for mention in linker.mentions(text):
            for match in mention:
                found.setdefault(match.company.symbol, match)
        for match in _alike(linker, text, limit):
            found.setdefault(match.company.symbol, match)
        ranked = sorted(found.values(), key=lambda m: (-m.score, m.company.symbol))
        return tuple(ranked[:limit])

    async def mentions(self, question: str) -> tuple[tuple[CompanyMatch, ...], ...]:
        """Companies mentioned in a question: per mention, the equally good matches."""
        return self._names().mentions(question)

    def families(self) -> dict[str, str]:
        """The statement family of every company whose is known, by symbol."""
        query = sa.select(companies.c.symbol, companies.c.family)
        with self._database.read() as connection:
            rows = connection.execute(query.where(companies.c.family.is_not(None)))
            return {row.symbol: row.family for row in rows}

    async def get(self, symbol: str) -> Company | None:
        """The company of a symbol (or former symbol), or none."""
        return self._names().ticker(symbol)

    async def coverage(self, symbol: str, as_of: AsOf) -> Coverage:
        """Which quarters of a company have visible figures, newest first."""
        known: dict[Quarter, list[QuarterFigures]] = {}
        for figures in await self._filings.figures(symbol, as_of):
            known.setdefault(figures.quarter, []).append(figures)
        company = await self.get(symbol)
        return Coverage(
            symbol=company.symbol if company else symbol,
            quarters=tuple(
                KnownQuarter(
                    quarter=quarter,
                    basis=tuple(sorted(str(f.basis) for f in known[quarter])),
                    published_at=min(
                        (f.published_at for f in known[quarter] if f.published_at),
                        default=None,
                    ),
                )
                for quarter in sorted(known, reverse=True)
            ),
        )

    def _names(self) -> Linker:
        stamp = self._database.note(DIRECTORY_NOTE)
        if self._linker is None or stamp != self._stamp:
            self._linker, self._stamp = Linker(self._read()), stamp
        return self._linker

    def _read(self) -> list[Company]:
        query = sa.select(companies).order_by(companies.c.symbol)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [
            Company(
                symbol=row.symbol,
                name=row.name,
                isin=row.isin,
                bse_code=row.bse_code,
                family=Family(row.family) if row.family else None,
                aliases=tuple(json.loads(row.aliases)),
            )
            for row in rows
        ]


def _alike(linker: Linker, text: str, limit: int) -> list[CompanyMatch]:
    """Companies whose name or ticker resembles the text, by rapidfuzz's ``WRatio``."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - only for near misses

    names: dict[tuple[int, int], str] = {}
    for place, company in enumerate(linker.companies):
        called = (company.name, company.symbol, *company.aliases)
        for number, name in enumerate(called):
            names[place, number] = plain_name(name)
    asked = plain_name(text)
    if not asked:
        return []
    found = process.extract(asked, names, scorer=fuzz.WRatio, limit=limit * 4)
    best: dict[int, int] = {}
    for _name, score, (place, _number) in found:
        best[place] = max(best.get(place, 0), min(round(score), _LIKE_AT_MOST))
    return [
        CompanyMatch(linker.companies[place], score, text)
        for place, score in best.items()
    ]
