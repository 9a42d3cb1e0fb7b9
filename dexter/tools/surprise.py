"""earnings_surprise: how far a quarter departs from the company's own history."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal

from dexter.domain.company import Company
from dexter.domain.evidence import Evidence, Measure
from dexter.domain.filing import Basis
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.features import growth, margins, surprises
from dexter.features.columns import Column
from dexter.features.known import Known
from dexter.features.quarters import YEAR, figures_alone
from dexter.tools import cite, reading
from dexter.tools.base import Arguments, BasisText, QuarterText, Symbol, Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.statements import company_of

MEASURES: Mapping[str, tuple[Measure, str, tuple[str, ...]]] = {
    "sue": (
        Measure.DEVIATIONS,
        (
            "(net_profit − net_profit 4 quarters before) / standard deviation of the "
            "last 8 such changes"
        ),
        ("net_profit",),
    ),
    "revenue_yoy": (
        Measure.CHANGE,
        "(revenue − revenue a year before) / revenue a year before",
        ("revenue",),
    ),
    "profit_yoy": (
        Measure.CHANGE,
        "(net_profit − net_profit a year before) / net_profit a year before",
        ("net_profit",),
    ),
    "eps_yoy": (
        Measure.CHANGE,
        "(eps − eps a year before) / eps a year before",
        ("eps",),
    ),
    "net_margin": (
        Measure.FRACTION,
        "net_profit / revenue",
        ("net_profit", "revenue"),
    ),
    "net_margin_change": (
        Measure.POINTS,
        "net_profit / revenue − the same a year before",
        ("net_profit", "revenue"),
    ),
}
"""Measures of a quarter's surprise: unit, formula and the figures each reads."""

_OF_ITS_QUARTER = frozenset({"net_margin", "quality"})
SCORE_BASIS = Basis.STANDALONE


class EarningsSurprise(Arguments):
    """Whose surprise, and in which quarter."""

    symbol: Symbol
    quarter: QuarterText | None = None
    basis: BasisText = None


async def series_of(
    symbol: str, basis: Basis | None, quarter: Quarter | None, context: Context
) -> tuple[tuple[QuarterFigures, ...], Quarter | None, Basis | None]:
    """The visible series on one basis, and the quarter of interest within it.

    Without a basis the one with the longer history that has the quarter is taken:
    a surprise needs a yardstick of about three years.
    """
    rows = await context.runtime.filings.figures(symbol, context.as_of)
    wanted = quarter or (max(r.quarter for r in rows) if rows else None)
    having = [r.basis for r in rows if r.quarter == wanted]
    if basis is None and having:
        basis = max(
            having, key=lambda b: (sum(r.basis is b for r in rows), b is SCORE_BASIS)
        )
    mine = tuple(r for r in rows if r.basis is basis)
    return mine, wanted, basis


async def run(arguments: EarningsSurprise, context: Context) -> Finding:
    """SUE, growth and margin of a quarter, each with the quarters it used."""
    company = await company_of(arguments.symbol, context)
    asked = Quarter.parse(arguments.quarter) if arguments.quarter else None
    rows, quarter, basis = await series_of(
        company.symbol, arguments.basis, asked, context
    )
    if quarter is None or basis is None or not any(r.quarter == quarter for r in rows):
        what = f"{quarter or 'latest'} results of {company.name}"
        return Finding(absences=(Absence(what, "no figures are visible"),))
    known = measurable(rows, quarter, basis, context)
    return _finding(company, rows, quarter, basis, known)


def measurable(
    rows: Sequence[QuarterFigures], quarter: Quarter, basis: Basis, context: Context
) -> Known:
    """Visible figures as the features read them.

    A row is visible, be its publication unknown; it then counts as told when its
    quarter ended.
    """
    dated = [
        row
        if row.known_at
        else replace(row, known_at=datetime.combine(row.quarter.end, time.min, IST))
        for row in rows
    ]
    last = max((row.known_at for row in dated if row.known_at), default=None)
    now = context.as_of.moment
    return figures_alone(dated, quarter, basis, max(now, last) if last else now)


def _finding(
    company: Company,
    rows: tuple[QuarterFigures, ...],
    quarter: Quarter,
    basis: Basis,
    known: Known,
) -> Finding:
    subject = cite.Subject(
        company.symbol, company.name, str(quarter), basis, company.family
    )
    by_quarter = {row.quarter: row for row in rows}
    columns = _columns(known)
    evidence: list[Evidence] = []
    absences: list[Absence] = []
    for name, (unit, formula, fields) in MEASURES.items():
        why = columns[name].reason(0)
        if why is not None:
            absences.append(Absence(f"{name} of {company.name}", why))
            continue
        quarters = [quarter.shift(-back) for back in quarters_read(name, known)]
        inputs = _inputs(subject, by_quarter, quarters, fields)
        value = Decimal(repr(float(columns[name].values[0])))
        evidence += inputs
        evidence.append(cite.computed(subject, name, value, unit, formula, inputs))
    evidence += _inputs(subject, by_quarter, [quarter], cite.HEADLINE)
    unique = {e.id: e for e in evidence}
    return Finding(evidence=tuple(unique.values()), absences=tuple(absences))


def quarters_read(name: str, known: Known) -> tuple[int, ...]:
    """Quarters back that a measure reads, the quarter itself first.

    Args:
        name: A measure of a quarter's figures.
        known: The event, alone.
    """
    if name == "sue":
        return surprises.quarters_read(known)
    return (0,) if name in _OF_ITS_QUARTER else (0, YEAR)


def _columns(known: Known) -> dict[str, Column]:
    return margins.compute(known) | growth.compute(known) | surprises.compute(known)


def _inputs(
    subject: cite.Subject,
    by_quarter: Mapping[Quarter, QuarterFigures],
    quarters: Sequence[Quarter],
    fields: tuple[str, ...],
) -> list[Evidence]:
    found = [
        cite.from_figures(subject, by_quarter[quarter], field)
        for quarter in quarters
        if quarter in by_quarter
        for field in fields
    ]
    return [e for e in found if e is not None]


async def published(
    symbol: str, quarter: Quarter, basis: Basis | None, context: Context
) -> QuarterFigures | None:
    """The visible figures whose publication is the event of a quarter."""
    rows = await context.runtime.filings.figures(symbol, context.as_of)
    having = [
        r for r in rows if r.quarter == quarter and (basis is None or r.basis is basis)
    ]
    dated = [(r.published_at, i) for i, r in enumerate(having) if r.published_at]
    return having[min(dated)[1]] if dated else None


async def event_of(
    symbol: str, text: str | None, context: Context
) -> tuple[Quarter | None, QuarterFigures | None]:
    """The quarter asked for (or the newest visible one) and its publication."""
    quarter = (
        Quarter.parse(text) if text else await reading.latest_visible(symbol, context)
    )
    if quarter is None:
        return None, None
    return quarter, await published(symbol, quarter, None, context)


def seen_by(event: QuarterFigures, context: Context) -> AsOf:
    """The moment of an event's publication, never past the run's own."""
    when = event.published_at or context.as_of.moment
    return AsOf(min(when, context.as_of.moment), explicit=True)


TOOL = Tool(
    name="earnings_surprise",
    description="How far a company's quarter departs from its own history: SUE "
    "(standardised unexpected earnings, not consensus), growth of revenue, profit and "
    "EPS, net margin and its change, each with formula and inputs.",
    arguments=EarningsSurprise,
    run=run,
)
