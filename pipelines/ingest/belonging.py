"""Which company a document is from, by what its own pages say.

A code printed in a document (symbol, ISIN, scrip code) names a listed company only if
the printed name does not speak against it; a name alone must be the company's own,
letter for letter but for misreadings. Documents that name no listed company are put
together by what they agree on, and so a company known only from its documents gets a
key: its symbol, else ``BSE:`` and its scrip code, else what else is printed.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import sqlalchemy as sa
from rapidfuzz import fuzz
from sqlalchemy.engine import Connection

from dexter.domain.identity import Identity, Seen
from dexter.extraction.about.names import alike, skeleton
from dexter.store import tables as t
from dexter.store.codec import read_identity
from dexter.store.linking import plain_name
from pipelines.ingest.intake import BSE, FROM_DOCUMENTS

_NEAR = 85
_TWICE = 2
_LONG_CODE = 12


@dataclass(frozen=True)
class Paper:
    """A kept document and what it says of its sender."""

    sha256: str
    identity: Identity
    company: str | None = None

    @cached_property
    def name(self) -> str | None:
        """The name it is under."""
        seen = self.identity.name
        return seen.value if seen else self.company

    @property
    def codes(self) -> tuple[Seen, ...]:
        """The codes it prints, each of which could name a company by itself."""
        said = self.identity
        return tuple(s for s in (said.symbol, said.isin, said.scrip_code) if s)


@dataclass(slots=True)
class Listed:
    """The companies that lists name, arranged for finding one by code or name."""

    tickers: set[str] = field(default_factory=set)
    by_code: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    called: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    renames: Mapping[str, str] = field(default_factory=dict)

    def of(self, paper: Paper) -> str | None:
        """The listed company a document is from, or none; never a guess."""
        claims = {self._claimed(seen.value) for seen in paper.codes} - {None}
        if len(claims) == 1:
            who = claims.pop()
            return who if who and self._allows(who, paper) else None
        named = self.by_name.get(skeleton(paper.name or ""), set())
        if claims:
            named = named & {claim for claim in claims if claim}
        return next(iter(named)) if len(named) == 1 else None

    def speaks_for(self, symbol: str, paper: Paper) -> bool:
        """Whether a document's name could be this company's; true when it has none."""
        names = self.called.get(symbol, set())
        if paper.name is None or not names:
            return True
        plain = plain_name(paper.name)
        return any(
            alike(paper.name, name) or fuzz.ratio(plain, plain_name(name)) >= _NEAR
            for name in names
        )

    def _claimed(self, code: str) -> str | None:
        plain = self.renames.get(code, code)
        return plain if plain in self.tickers else self.by_code.get(code)

    def _allows(self, who: str, paper: Paper) -> bool:
        """One code may be misread or another's: a name or a second code must agree."""
        agreeing = [s for s in paper.codes if self._claimed(s.value) == who]
        if len(agreeing) >= _TWICE:
            return True
        if paper.name is not None and self.called.get(who):
            return self.speaks_for(who, paper)
        return paper.name is not None or certain(agreeing[0])

    def claimed(self, paper: Paper) -> bool:
        """Whether it prints the code of a listed company."""
        return any(self._claimed(seen.value) for seen in paper.codes)


def certain(seen: Seen) -> bool:
    """Whether a code may stand alone: printed twice, or too long to be mistaken."""
    return seen.times >= _TWICE or len(seen.value) >= _LONG_CODE


def papers(connection: Connection) -> list[Paper]:
    """Every kept document that says who it is from."""
    query = (
        sa.select(t.identities.c.sha256, t.identities.c.body, t.filings.c.company)
        .join(t.filings, t.filings.c.sha256 == t.identities.c.sha256)
        .order_by(t.identities.c.sha256)
    )
    return [
        Paper(row.sha256, read_identity(row.body), row.company)
        for row in connection.execute(query)
    ]


def listed(connection: Connection, renames: Mapping[str, str]) -> Listed:
    """The companies of the lists, without what documents alone say."""
    found = Listed(renames=renames)
    n = t.names.c
    query = (
        sa.select(n.symbol, n.name, n.isin, n.bse_code)
        .where(n.source.not_in(FROM_DOCUMENTS))
        .order_by(n.rank.desc(), n.symbol, n.name)
    )
    for row in connection.execute(query):
        found.tickers.add(row.symbol)
        if row.isin:
            found.by_code[row.isin] = row.symbol
        if row.bse_code:
            found.by_code[row.bse_code] = row.symbol
        if row.symbol.startswith(BSE):
            found.by_code.setdefault(row.symbol.removeprefix(BSE), row.symbol)
        if row.name != row.symbol:
            found.by_name[skeleton(row.name)].add(row.symbol)
            found.called[row.symbol].add(row.name)
    found.by_name.pop("", None)
    return found
