"""XBRL results, plain or inline, to one statement of whole rupees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.filing import Basis, DocumentKind, Grade, Review
from dexter.domain.statement import (
    Check,
    Column,
    ColumnRole,
    Item,
    Statement,
    Unit,
)
from dexter.extraction.guard import instructions
from dexter.extraction.proof.grade import judge
from dexter.extraction.proof.identities import (
    Outcome,
    Values,
    earnings_per_share,
    outcomes,
)
from dexter.extraction.proof.parts import believed, sums
from dexter.extraction.result import Reading, verdict
from dexter.extraction.xbrl.concepts import family_of
from dexter.extraction.xbrl.filed import cells
from dexter.extraction.xbrl.instance import Fact, Instance, parse
from dexter.extraction.xbrl.periods import Periods, Span, choose, instants, quarter_end
from dexter.extraction.xbrl.segments import segments

_NOTES_CAP = 20_000
_CRORE_POWER = 7


def read_xbrl(name: str, content: bytes, *, inline: bool = False) -> Reading:
    """Read one XBRL results document.

    Raises:
        HostileDocumentError: entities or a document type.
        TruncatedDocumentError: not well-formed.
        NotADocumentError: XML without XBRL facts.
    """
    instance = parse(name, content, inline=inline)
    statement = _statement(instance)
    status, reason = verdict((statement,))
    texts = [
        fact.text
        for facts in instance.facts.values()
        for fact in facts
        if not fact.unit
    ]
    flags = instructions.find(texts)
    return Reading(DocumentKind.XBRL, status, reason, None, (statement,), flags)


@dataclass(frozen=True, slots=True)
class _Source:
    instance: Instance
    family: Family


def _statement(instance: Instance) -> Statement:
    family = family_of(frozenset(concept for _, concept in instance.facts))
    source = _Source(instance, family)
    periods = choose(instance)
    columns = {r: _column(source, r, span) for r, span in periods.columns.items()}
    statement = _described(source, periods, columns)
    return _judged(source, statement, periods)


def _described(
    source: _Source, periods: Periods, columns: Mapping[ColumnRole, Column]
) -> Statement:
    instance = source.instance
    span = periods.quarter
    near = tuple(dict.fromkeys([span.context if span else "OneD", "OneD", "FourD"]))
    near = (*near, *(context for context, _ in instance.facts if context not in near))
    current = columns.get(ColumnRole.CURRENT)
    notes = instance.text(
        "DisclosureOfNotesOnFinancialResultsExplanatoryTextBlock", near
    )
    return Statement(
        basis=_basis(instance.text("NatureOfReportStandaloneConsolidated", near)),
        family=source.family,
        audited=_audited(instance.text("WhetherResultsAreAuditedOrUnaudited", near)),
        unit=Unit.RUPEE,
        period_end=current.period_end if current else None,
        months=current.months if current else None,
        page=None,
        grade=Grade.C,
        status=Review.REVIEW,
        reason=periods.reason,
        columns=columns,
        symbol=_symbol(instance, near),
        company=instance.text("NameOfTheCompany", near)
        or instance.text("NameOfBank", near),
        isin=instance.text("ISIN", near),
        notes=notes[:_NOTES_CAP] if notes else None,
    )


def _symbol(instance: Instance, near: tuple[str, ...]) -> str | None:
    stated = instance.text("Symbol", near)
    if stated:
        return stated
    for context in instance.contexts.values():
        if context.scheme and "nsesymbol" in context.scheme.lower():
            return context.entity or None
    return None


def _basis(text: str | None) -> Basis | None:
    plain = (text or "").strip().lower()
    if plain in {"standalone", "non-consolidated", "non consolidated"}:
        return Basis.STANDALONE
    return Basis.CONSOLIDATED if plain == "consolidated" else None


def _audited(text: str | None) -> bool | None:
    plain = (text or "").strip().lower().replace("-", "").replace(" ", "")
    return {"audited": True, "unaudited": False}.get(plain)


def _column(source: _Source, role: ColumnRole, span: Span) -> Column:
    # Balances at the end of the period are told once, with the quarter.
    now = role is ColumnRole.CURRENT
    balances = instants(source.instance, span) if now else ()
    items = cells(source.instance, source.family, span, balances)
    return Column(quarter_end(span.end) or span.end, span.months, items)


def _repeats_quarter(columns: Mapping[ColumnRole, Column]) -> bool:
    """Whether a longer year to date has the quarter's own figures.

    One of the two is then misfiled, and nobody can say which.
    """
    now = columns.get(ColumnRole.CURRENT)
    year = columns.get(ColumnRole.YEAR_TO_DATE)
    if not now or not year or year.months == now.months:
        return False
    flows = (Item.REVENUE, Item.TOTAL_INCOME, Item.TOTAL_EXPENSES, Item.NET_PROFIT)
    pairs = [(now.items.get(item), year.items.get(item)) for item in flows]
    known = [(a.value, b.value) for a, b in pairs if a and b and a.value and b.value]
    return bool(known) and all(a == b for a, b in known)


def _judged(source: _Source, statement: Statement, periods: Periods) -> Statement:
    checks: list[Check] = []
    current: list[Outcome] = []
    kept = dict(statement.columns)
    for role, column in statement.columns.items():
        context = periods.columns[role].context
        results = list(_outcomes(source, column, context))
        checks += [one.check(role) for one in results]
        if role is ColumnRole.CURRENT:
            current = results
        elif any(one.needed and not one.ok for one in results):
            # The other columns stand or fall by themselves.
            del kept[role]
            continue
        kept[role], more = _further(source, column, context)
        checks += [one.check(role) for one in more]
    checks += [Check("columns", ok=False, detail=why) for why in periods.dropped]
    grade, status, reason = judge(current)
    reason = periods.reason or reason
    if _repeats_quarter(statement.columns):
        reason = reason or "the quarter and the year to date carry the same figures"
    if statement.basis is None:
        reason = reason or "the filing does not say standalone or consolidated"
    if reason:
        grade, status = Grade.C, Review.REVIEW
    return replace(
        statement,
        columns=kept,
        checks=tuple(checks),
        grade=grade,
        status=status,
        reason=reason,
    )


def _further(
    source: _Source, column: Column, context: str
) -> tuple[Column, tuple[Outcome, ...]]:
    """The column with its further lines held against their sums, and its segments."""
    step = _step(_facts(source, column, context))
    values = {item: cell.value for item, cell in column.items.items()}
    found = sums(source.family, values, step)
    items = believed(
        source.family,
        column.items,
        step,
        lambda changed: _identities(source.family, changed, step),
    )
    parts = segments(source.instance, context, values)
    return replace(column, items=items, segments=parts), found


def _outcomes(source: _Source, column: Column, context: str) -> Iterator[Outcome]:
    values = {item: cell.value for item, cell in column.items.items()}
    yield from _identities(
        source.family, values, _step(_facts(source, column, context))
    )


def _identities(family: Family, values: Values, step: Decimal) -> Iterator[Outcome]:
    yield from outcomes(family, values, step)
    yield from earnings_per_share(values, Decimal(1))


def _facts(source: _Source, column: Column, context: str) -> list[Fact]:
    return [
        fact
        for item, cell in column.items.items()
        if cell.value and cell.concept and not item.per_share and not item.ratio
        for fact in source.instance.of(context, cell.concept)[:1]
    ]


def _step(facts: Sequence[Fact]) -> Decimal:
    """The rounding used: what ``decimals`` declares, if every amount bears it out.

    Without ``decimals`` the amounts are taken as whole rupees.
    """
    power = min((-(fact.decimals or 0) for fact in facts), default=0)
    power = max(0, min(power, _CRORE_POWER))
    amounts = [int(fact.value) for fact in facts if fact.value]
    while power and any(amount % 10**power for amount in amounts):
        power -= 1
    return Decimal(10) ** power
