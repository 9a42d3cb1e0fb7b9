# ruff: noqa: ARG002 - a port has its arguments whether a fake reads them or not
"""A small market in memory behind the ports: everything it holds is written by a test.

It keeps the ports' promises: nothing published after ``as_of`` comes back, a bar is
known at its close, and what has no publication time is seen without an explicit moment.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

from dexter.domain.alert import (
    FeatureVector,
    ModelCard,
    Prediction,
)
from dexter.domain.briefs import Coverage, KnownQuarter
from dexter.domain.company import Company, CompanyMatch
from dexter.domain.conversation import ModelReply, ModelRequest, StopReason
from dexter.domain.filing import (
    Basis,
    ExpectedResults,
    Filing,
    Headline,
    ResultsEvent,
)
from dexter.domain.market import (
    IndexHistory,
    MarketHistory,
    PriceHistory,
    SessionBars,
)
from dexter.domain.moment import IST, AsOf, bar_known_at
from dexter.domain.period import Quarter, Window
from dexter.domain.research import TaskOutcome
from dexter.domain.results import QuarterFigures, SeasonPeer
from dexter.domain.run import StatementRecord
from dexter.errors import PredictorError
from dexter.ports import Runtime
from dexter.tools.base import ToolContext

CONSOLIDATED, STANDALONE = Basis.CONSOLIDATED, Basis.STANDALONE
CRORE = Decimal(10**7)
NOW = datetime(2024, 8, 1, 12, 0, tzinfo=IST)
PUBLISHED = datetime(2024, 7, 12, 18, 0, tzinfo=IST)
LATEST = Quarter(2025, 1)
INDEX_FILES_OUT = time(20)
_NONE = "No model is registered."


@dataclass
class Market:
    """What is there; each list in the order it became known."""

    companies: list[Company] = field(default_factory=list)
    records: list[StatementRecord] = field(default_factory=list)
    rows: list[QuarterFigures] = field(default_factory=list)
    histories: list[PriceHistory] = field(default_factory=list)
    documents: list[Filing] = field(default_factory=list)
    events: list[ResultsEvent] = field(default_factory=list)
    meetings: list[ExpectedResults] = field(default_factory=list)
    news: list[Headline] = field(default_factory=list)
    indices: list[IndexHistory] = field(default_factory=list)
    sessions: MarketHistory | None = None
    peers: list[SeasonPeer] = field(default_factory=list)
    prediction: Prediction | None = None
    asked_as_of: list[AsOf] = field(default_factory=list)

    def runtime(self) -> Runtime:
        return Runtime(
            clock=FrozenClock(),
            directory=Names(self),
            filings=Shelf(self),
            prices=Tape(self),
            news=Wire(self),
            predictor=Oracle(self),
            model=Mute(),
            market="fake",
            fictional=False,
            earliest=None,
            latest=None,
        )

    def context(
        self, as_of: datetime | None = None, **needs: tuple[TaskOutcome, ...]
    ) -> ToolContext:
        """What a tool sees, now or at an explicit moment."""
        moment = AsOf(as_of or NOW, explicit=as_of is not None)
        return ToolContext(self.runtime(), moment, needs)


@dataclass(frozen=True)
class FrozenClock:
    async def now(self) -> datetime:
        return NOW


@dataclass(frozen=True)
class Names:
    market: Market

    async def find(self, text: str, limit: int) -> tuple[CompanyMatch, ...]:
        low = text.lower()
        found = [
            CompanyMatch(c, 80, text)
            for c in self.market.companies
            if low in c.name.lower()
        ]
        return tuple(found[:limit])

    async def mentions(self, question: str) -> tuple[tuple[CompanyMatch, ...], ...]:
        return ()

    async def get(self, symbol: str) -> Company | None:
        return next(
            (
                c
                for c in self.market.companies
                if symbol == c.symbol or symbol in c.aliases
            ),
            None,
        )

    async def coverage(self, symbol: str, as_of: AsOf) -> Coverage:
        rows = await Shelf(self.market).figures(symbol, as_of)
        read = [
            Quarter.containing(r.statement.period_end)
            for r in self.market.records
            if r.filing.symbol == symbol
            and as_of.sees(r.filing.known_at)
            and r.statement.period_end
        ]
        quarters = sorted({*(r.quarter for r in rows), *read}, reverse=True)
        return Coverage(symbol, tuple(KnownQuarter(q, (), None) for q in quarters))


@dataclass(frozen=True)
class Shelf:
    market: Market

    async def filings(self, symbol: str, as_of: AsOf, limit: int) -> tuple[Filing, ...]:
        seen = [
            f
            for f in self.market.documents
            if f.symbol == symbol and as_of.sees(f.known_at)
        ]
        seen.sort(
            key=lambda f: f.known_at.timestamp() if f.known_at else 0, reverse=True
        )
        return tuple(seen[:limit])

    async def statements(
        self, symbol: str, quarter: Quarter, as_of: AsOf
    ) -> tuple[StatementRecord, ...]:
        return tuple(
            r
            for r in self.market.records
            if r.filing.symbol == symbol
            and r.statement.period_end == quarter.end
            and as_of.sees(r.filing.known_at)
        )

    async def figures(self, symbol: str, as_of: AsOf) -> tuple[QuarterFigures, ...]:
        best = {
            (r.quarter, r.basis): r
            for r in self.market.rows
            if r.symbol == symbol and as_of.sees(r.known_at)
        }
        return tuple(best[key] for key in sorted(best))

    async def reporters(self, window: Window, as_of: AsOf) -> tuple[ResultsEvent, ...]:
        return tuple(
            e
            for e in self.market.events
            if e.published_at.astimezone(IST).date() in window
            and as_of.sees(e.published_at)
        )

    async def expected(
        self, window: Window, as_of: AsOf
    ) -> tuple[ExpectedResults, ...]:
        return tuple(
            m
            for m in self.market.meetings
            if m.meeting_date in window and as_of.sees(m.known_at)
        )

    async def season(self, quarter: Quarter, as_of: AsOf) -> tuple[SeasonPeer, ...]:
        self.market.asked_as_of.append(as_of)
        return tuple(
            p
            for p in self.market.peers
            if quarter == LATEST and as_of.sees(p.published_at)
        )

    async def latest_quarter(self, as_of: AsOf) -> Quarter | None:
        return LATEST if as_of.moment >= PUBLISHED else None


@dataclass(frozen=True)
class Tape:
    there: Market

    async def history(
        self, symbol: str, as_of: AsOf, sessions: int
    ) -> PriceHistory | None:
        self.there.asked_as_of.append(as_of)
        found = next((h for h in self.there.histories if h.symbol == symbol), None)
        if found is None:
            return None
        seen = sum(bar_known_at(s) <= as_of.moment for s in found.sessions)
        return cut(found, max(0, seen - sessions), seen)

    async def session(self, day: date, as_of: AsOf) -> SessionBars | None:
        return None

    async def index(self, name: str, as_of: AsOf, sessions: int) -> IndexHistory | None:
        self.there.asked_as_of.append(as_of)
        found = next((i for i in self.there.indices if i.name == name), None)
        if found is None:
            return None
        seen = sum(
            datetime.combine(s, INDEX_FILES_OUT, IST) <= as_of.moment
            for s in found.sessions
        )
        part = slice(max(0, seen - sessions), seen)
        return replace(found, sessions=found.sessions[part], close=found.close[part])

    async def market(self, as_of: AsOf, sessions: int) -> MarketHistory | None:
        self.there.asked_as_of.append(as_of)
        return self.there.sessions


@dataclass(frozen=True)
class Wire:
    market: Market

    async def headlines(
        self, symbol: str, window: Window, as_of: AsOf
    ) -> tuple[Headline, ...]:
        return tuple(
            h
            for h in self.market.news
            if h.symbol == symbol
            and h.published_at.date() in window
            and as_of.sees(h.published_at)
        )


@dataclass(frozen=True)
class Oracle:
    market: Market

    async def card(self) -> ModelCard:
        raise PredictorError(_NONE)

    async def predict(self, features: FeatureVector) -> Prediction:
        if self.market.prediction is None:
            raise PredictorError(_NONE)
        return self.market.prediction


@dataclass(frozen=True)
class Mute:
    name: str = "offline"

    async def complete(self, request: ModelRequest) -> ModelReply:
        return ModelReply(text="", stop=StopReason.END, model=self.name)


def cut(history: PriceHistory, start: int, end: int) -> PriceHistory:
    """The bars of a stretch."""
    columns = {
        name: getattr(history, name)[start:end]
        for name in PriceHistory.__slots__
        if isinstance(getattr(history, name), tuple)
    }
    return replace(history, **columns)
