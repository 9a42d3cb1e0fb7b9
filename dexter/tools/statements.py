"""read_statement: one quarter of one company on one basis, every line addressed."""

from decimal import Decimal

from dexter.domain.company import Company, Family
from dexter.domain.evidence import Evidence, Measure
from dexter.domain.filing import Basis, Review
from dexter.domain.moment import IST, AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Conflict, Finding
from dexter.domain.results import QuarterFigures
from dexter.domain.run import StatementRecord
from dexter.domain.statement import Check, ColumnRole, Item
from dexter.errors import UnknownCompanyError
from dexter.tools import cite, reading
from dexter.tools.base import Arguments, BasisText, QuarterText, Symbol, Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.differing import differing


class ReadStatement(Arguments):
    """Which statement to read."""

    symbol: Symbol
    quarter: QuarterText | None = None
    basis: BasisText = None


async def company_of(symbol: str, context: Context) -> Company:
    """The company of a symbol.

    Raises:
        UnknownCompanyError: nobody has it, with the nearest names.
    """
    company = await context.runtime.directory.get(symbol)
    if company is None:
        near = await context.runtime.directory.find(symbol, 3)
        raise UnknownCompanyError(symbol, [m.company.symbol for m in near])
    return company


async def run(arguments: ReadStatement, context: Context) -> Finding:
    """Read the accepted statement of a quarter; imported rows where there is none."""
    company = await company_of(arguments.symbol, context)
    quarter = (
        Quarter.parse(arguments.quarter)
        if arguments.quarter
        else await reading.latest_visible(company.symbol, context)
    )
    if quarter is None:
        return Finding(
            absences=(Absence(f"results of {company.name}", "none are known here"),)
        )
    filings = context.runtime.filings
    records = await filings.statements(company.symbol, quarter, context.as_of)
    rows = [
        row
        for row in await filings.figures(company.symbol, context.as_of)
        if row.quarter == quarter
    ]
    basis = arguments.basis or reading.default_basis(records, rows)
    if basis is None:
        undated = await _undated(company, quarter, context) if not records else 0
        return _nothing(company, quarter, records, undated)
    return _finding(company, quarter, basis, records, rows)


def _finding(
    company: Company,
    quarter: Quarter,
    basis: Basis,
    records: tuple[StatementRecord, ...],
    rows: list[QuarterFigures],
) -> Finding:
    subject = cite.Subject(
        company.symbol, company.name, str(quarter), basis, company.family
    )
    chosen = reading.choose(records, basis)
    if chosen.chosen is not None:
        evidence = _lines(subject, chosen.chosen)
    else:
        evidence = _imported(subject, basis, rows)
    checks, conflicts, extra = _agreement(subject, chosen)
    if chosen.chosen is not None:
        told = reading.HEADLINES if chosen.others else ()
        more, beside = differing(subject, chosen.chosen, evidence, told)
        conflicts, extra = conflicts + more, extra + beside
    if chosen.chosen is None:
        checks = _signs_agree(evidence)
    absences = tuple(
        Absence(
            f"{quarter} {basis.value} statement in {r.filing.name}",
            f"read but not accepted: {r.statement.reason or 'its checks failed'}",
        )
        for r in chosen.doubtful
    )
    if not evidence:
        other = "standalone" if basis is Basis.CONSOLIDATED else "consolidated"
        has_other = any(
            r.statement.basis is not basis and r.statement.status is Review.ACCEPTED
            for r in records
        ) or any(row.basis is not basis for row in rows)
        hint = f"; a {other} one is known" if has_other else ""
        absences += (
            Absence(
                f"{quarter} {basis.value} results of {company.name}",
                f"no accepted statement is visible{hint}",
            ),
        )
    return Finding(
        evidence=evidence + extra,
        absences=absences,
        checks=checks,
        conflicts=conflicts,
        warnings=_warnings(company, chosen, records),
    )


def _lines(subject: cite.Subject, record: StatementRecord) -> tuple[Evidence, ...]:
    column = record.statement.columns.get(ColumnRole.CURRENT)
    if column is None:
        return ()
    label = f"quarter ended {column.period_end.isoformat()}"
    found = [
        cite.from_cell(subject, record, item, cell, label)
        for item, cell in column.items.items()
        if not (subject.family is Family.BANK and item is Item.REVENUE)
    ]
    lines = [line for line in found if line is not None]
    margin = _margin(subject, lines)
    return (*lines, margin) if margin else tuple(lines)


def _imported(
    subject: cite.Subject, basis: Basis, rows: list[QuarterFigures]
) -> tuple[Evidence, ...]:
    for row in rows:
        if row.basis is basis:
            found = [cite.from_figures(subject, row, name) for name in cite.FIGURES]
            lines = [line for line in found if line is not None]
            margin = _margin(subject, lines)
            return (*lines, margin) if margin else tuple(lines)
    return ()


def _signs_agree(lines: tuple[Evidence, ...]) -> tuple[Check, ...]:
    """Imported rows have no identities; a loss with positive EPS shows all the same."""
    by_name = {line.name: line.value for line in lines}
    profit = by_name.get(Item.NET_PROFIT.value)
    eps = by_name.get(Item.EPS_BASIC.value)
    if not profit or not eps:
        return ()
    detail = f"net profit {profit}, EPS {eps}"
    return (
        Check("net profit and EPS have one sign", (profit > 0) == (eps > 0), detail),
    )


def _margin(subject: cite.Subject, lines: list[Evidence]) -> Evidence | None:
    by_name = {line.name: line for line in lines}
    profit = by_name.get(Item.NET_PROFIT.value)
    # A bank's revenue is its total income, in statements and imported rows alike.
    top = Item.TOTAL_INCOME if subject.family is Family.BANK else Item.REVENUE
    revenue = by_name.get(top.value)
    if not profit or not revenue or profit.value is None or not revenue.value:
        return None
    return cite.computed(
        subject,
        "net_margin",
        profit.value / revenue.value,
        Measure.FRACTION,
        f"net_profit / {top.value}",
        (profit, revenue),
    )


def _agreement(
    subject: cite.Subject, chosen: reading.Readings
) -> tuple[tuple[Check, ...], tuple[Conflict, ...], tuple[Evidence, ...]]:
    """The statement's own checks, and how other documents of the quarter compare."""
    if chosen.chosen is None:
        return (), (), ()
    checks = list(chosen.chosen.statement.checks)
    conflicts: list[Conflict] = []
    extra: list[Evidence] = []
    for other in chosen.others:
        compared = reading.reconcile(chosen.chosen, other)
        checks += compared
        for check in compared:
            if check.ok:
                continue
            item = Item(check.name.rsplit(" ", 1)[-1])
            pair = [_one(subject, record, item) for record in (chosen.chosen, other)]
            ids = tuple(e.id for e in pair if e)
            extra += [e for e in pair[1:] if e]
            conflicts.append(Conflict(f"{subject.period}: {check.detail}", ids))
    return tuple(checks), tuple(conflicts), tuple(extra)


def _one(subject: cite.Subject, record: StatementRecord, item: Item) -> Evidence | None:
    column = record.statement.columns[ColumnRole.CURRENT]
    label = f"quarter ended {column.period_end.isoformat()}"
    return cite.from_cell(subject, record, item, column.items[item], label)


def _warnings(
    company: Company, chosen: reading.Readings, records: tuple[StatementRecord, ...]
) -> tuple[str, ...]:
    said = []
    if chosen.chosen and chosen.chosen.filing.known_at is None:
        said.append(
            f"{chosen.chosen.filing.name}: publication time unknown "
            f"({chosen.chosen.filing.known_at_reason})"
        )
    said += _revisions(company, chosen)
    said += [
        f"{record.filing.name} contains text addressed to AI readers, "
        f"which was not followed: “{flag}”"
        for record in records
        for flag in record.filing.flags
    ]
    return tuple(dict.fromkeys(said))


def _revisions(company: Company, chosen: reading.Readings) -> list[str]:
    """One sentence per day and set of changed lines, naming every superseded file."""
    revised: dict[tuple[str, str], list[str]] = {}
    for old in chosen.superseded:
        changed = ", ".join(_changes(old, chosen))
        if changed:
            when = old.filing.known_at
            day = f"{when.astimezone(IST):%d %b %Y}" if when else "unknown date"
            revised.setdefault((day, changed), []).append(old.filing.name)
    return [
        f"{company.name} revised its filing of {day}: {changed} changed; the revision "
        f"is used ({', '.join(names)} superseded)"
        for (day, changed), names in revised.items()
    ]


def _changes(old: StatementRecord, chosen: reading.Readings) -> list[str]:
    successors = [r for r in (chosen.chosen, *chosen.others) if r]
    new = next(
        (r for r in successors if r.filing.kind is old.filing.kind), successors[0]
    )
    return [
        item.value
        for item in reading.HEADLINES
        if _differs(old.statement.rupees(item), new.statement.rupees(item))
    ]


def _differs(left: Decimal | None, right: Decimal | None) -> bool:
    return left is not None and right is not None and left != right


async def _undated(company: Company, quarter: Quarter, context: Context) -> int:
    """How many statements of a quarter a named moment hides: nobody dated them."""
    if not context.as_of.explicit:
        return 0
    anyhow = AsOf(context.as_of.moment, explicit=False)
    kept = await context.runtime.filings.statements(company.symbol, quarter, anyhow)
    return sum(record.filing.known_at is None for record in kept)


def _nothing(
    company: Company,
    quarter: Quarter,
    records: tuple[StatementRecord, ...],
    undated: int,
) -> Finding:
    why = "nothing was published by then, or it was not imported"
    if undated:
        what = "a statement is" if undated == 1 else f"{undated} statements are"
        why = (
            f"{what} kept whose publication time is unknown; it shows only when no "
            "as-of moment is asked for"
        )
    if records:
        reasons = dict.fromkeys(r.statement.reason or "checks failed" for r in records)
        why = f"filings exist but none was accepted: {'; '.join(reasons)}"
    return Finding(absences=(Absence(f"{quarter} results of {company.name}", why),))


TOOL = Tool(
    name="read_statement",
    description="Read a company's results statement of one quarter on one basis: "
    "every accepted line with its page and cell or XBRL fact, the accounting checks, "
    "conflicts between documents, revisions.",
    arguments=ReadStatement,
    run=run,
)
