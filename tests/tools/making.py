"""Companies, figures, statements and bars as tests write them."""

import hashlib
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from dexter.domain.alert import Confidence, Demonstrated, Prediction
from dexter.domain.company import Company, Family
from dexter.domain.evidence import Source
from dexter.domain.filing import Basis, DocumentKind, Filing, Grade, Review
from dexter.domain.market import PriceHistory
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.research import Finding, Task, TaskOutcome, TaskStatus
from dexter.domain.results import QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import (
    Cell,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from tests.tools.fakes import LATEST, PUBLISHED

CONSOLIDATED, STANDALONE = Basis.CONSOLIDATED, Basis.STANDALONE
CRORE = Decimal(10**7)


def company(symbol: str = "HCL", family: Family | None = Family.GENERAL) -> Company:
    return Company(symbol, f"{symbol.title()} Limited", family=family)


def row(quarter: str, profit: str | None, **about: object) -> QuarterFigures:
    """A row of figures in crore; HCL, consolidated, public when the season came."""
    when = Quarter.parse(quarter)
    published = about.get("published_at", PUBLISHED - _quarters(LATEST, when))
    known = about.get("known_at", published)
    base = QuarterFigures(
        symbol="HCL",
        period_end=when.end,
        basis=CONSOLIDATED,
        revenue=_crore(about.pop("revenue", "1000")),
        net_profit=_crore(profit),
        eps=_decimal(about.pop("eps", "10")),
        known_at=None,
        published_at=None,
        grade=Grade.IMPORTED,
        sources={
            name: Source("results.csv", row=quarter, column=name)
            for name in ("revenue", "net_profit", "eps")
        },
    )
    extra = {**about, "published_at": published, "known_at": known}
    return replace(base, **extra)  # type: ignore[arg-type]  # a test's own fields


def _quarters(later: Quarter, earlier: Quarter) -> timedelta:
    return later.end - earlier.end


def _crore(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text)) * CRORE


def _decimal(text: object) -> Decimal | None:
    return None if text is None else Decimal(str(text))


def record(  # noqa: PLR0913 - each is what a test is about
    items: dict[Item, str],
    *,
    quarter: str = "Q1 FY25",
    basis: Basis = CONSOLIDATED,
    kind: DocumentKind = DocumentKind.XBRL,
    status: Review = Review.ACCEPTED,
    known_at: datetime | None = PUBLISHED,
    name: str = "",
    version: int = 1,
    symbol: str = "HCL",
    flags: tuple[str, ...] = (),
) -> StatementRecord:
    """A statement of HCL in crore, XBRL and accepted unless said otherwise."""
    end = Quarter.parse(quarter).end
    xbrl = kind is DocumentKind.XBRL
    name = (
        name or f"{symbol}-{quarter}-{basis.value}-{version}.{'xml' if xbrl else 'pdf'}"
    )
    cells = {
        item: Cell(
            Decimal(value),
            value,
            Method.XBRL if xbrl else Method.TEXT,
            page=None if xbrl else 2,
            row=item.value,
            context="OneD" if xbrl else None,
        )
        for item, value in items.items()
    }
    accepted = status is Review.ACCEPTED
    return StatementRecord(
        Filing(
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            name=name,
            kind=kind,
            symbol=symbol,
            known_at=known_at,
            known_at_reason=None if known_at else "nobody told us",
            url=None,
            status=status,
            reason=None,
            flags=flags,
        ),
        Statement(
            basis=basis,
            family=Family.GENERAL,
            audited=False,
            unit=Unit.CRORE,
            period_end=end,
            months=3,
            page=None if xbrl else 2,
            grade=Grade.A,
            status=status,
            reason=None if accepted else "total expenses do not add up",
            columns={ColumnRole.CURRENT: Column(end, 3, cells)},
        ),
        version,
    )


def results(profit: str, revenue: str = "1000", **more: str) -> dict[Item, str]:
    """A few lines of a statement, in crore."""
    lines = {Item.REVENUE: revenue, Item.NET_PROFIT: profit, Item.EPS_BASIC: "10.00"}
    return lines | {Item(name): value for name, value in more.items()}


def bars(
    closes: list[float], last: date = date(2024, 7, 31), **about: object
) -> PriceHistory:
    """A bar each weekday up to a day, of HCL; open, high and low follow the close."""
    sessions: list[date] = []
    day = last
    while len(sessions) < len(closes):
        if day.weekday() < 5:
            sessions.append(day)
        day -= timedelta(days=1)
    sessions.reverse()
    flat = tuple(closes)
    plain = PriceHistory(
        symbol="HCL",
        sessions=tuple(sessions),
        open=flat,
        high=flat,
        low=flat,
        close=flat,
        base=(flat[0], *flat[:-1]),
        factor=(1.0,) * len(flat),
        volume=(1000.0,) * len(flat),
        turnover=tuple(c * 1000 for c in flat),
        band=(0,) * len(flat),
        no_band=(False,) * len(flat),
        source="prices.parquet",
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # a test's own columns


def at(day: date, hour: int = 18, minute: int = 0) -> datetime:
    """An Indian moment."""
    return datetime.combine(day, time(hour, minute), IST)


def predicted(probability: str = "0.12", **about: object) -> Prediction:
    """What a champion says."""
    plain = Prediction(
        label="upper_circuit_3",
        probability=Decimal(probability),
        confidence=Confidence.MEDIUM,
        base_rate=Decimal("0.05"),
        interval=(Decimal("0.08"), Decimal("0.17")),
        basis=STANDALONE,
        model_version="m1",
        skill=Demonstrated.YES,
        edge=Demonstrated.NO,
        evidence_table="",
    )
    return replace(plain, **about)  # type: ignore[arg-type]  # a test's own fields


def outcome(
    name: str,
    tool: str,
    finding: Finding,
    reason: str | None = None,
    **arguments: object,
) -> TaskOutcome:
    """A task that is done (or failed, with a reason)."""
    status = TaskStatus.FAILED if reason else TaskStatus.DONE
    return TaskOutcome(Task(name, tool, arguments), status, reason, None, None, finding)
