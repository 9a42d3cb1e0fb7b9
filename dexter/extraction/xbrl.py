"""XBRL results, plain or inline, to one statement of whole rupees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.filing import Basis, DocumentKind, Grade, Review
from dexter.domain.statement import (
    Cell,
    Check,
    Column,
    ColumnRole,
    Item,
    Method,
    Statement,
    Unit,
)
from dexter.extraction import instructions
from dexter.extraction.concepts import CONCEPTS, family_of
from dexter.extraction.grade import judge
from dexter.extraction.identities import Outcome, earnings_per_share, outcomes
from dexter.extraction.instance import Fact, Instance, parse
from dexter.extraction.periods import Periods, Span, choose, quarter_end
from dexter.extraction.result import Reading, verdict

_NOTES_CAP = 20_000
_RUPEE_MEASURE = "INR"
_SMALL = Decimal(10_000_000)
_CRORE_POWER = 7
# These are filed as 0 by software when the company left them blank.
_NEVER_ZERO = {
    Item.PAID_UP_CAPITAL,
    Item.FACE_VALUE,
    Item.RESERVES,
    Item.GROSS_NPA_RATIO,
    Item.NET_NPA_RATIO,
}
_EPS = {Item.EPS_BASIC, Item.EPS_DILUTED}
_EPS_REASON = "two EPS lines differ though nothing was discontinued"
_ZERO_BESIDE_PROFIT = {Item.EPS_BASIC, Item.EPS_DILUTED, Item.NET_PROFIT_OWNERS}


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
    columns = {role: _column(source, span) for role, span in periods.columns.items()}
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


def _column(source: _Source, span: Span) -> Column:
    items: dict[Item, Cell] = {}
    for item, names in CONCEPTS[source.family].items():
        cell = _cell(source.instance, span, item, names)
        if cell is not None:
            items[item] = cell
    end = quarter_end(span.end) or span.end
    return Column(end, span.months, _unfiled_zeros(items))


def _cell(
    instance: Instance, span: Span, item: Item, names: tuple[str, ...]
) -> Cell | None:
    found = [
        _one(instance, item, facts)
        for name in names
        if (facts := instance.of(span.context, name))
    ]
    if not found:
        return None
    # A blank or zero first choice gives way to a filled later one (EPS of continuing
    # operations where the combined line was left at 0).
    filled = [cell for cell in found if cell.value]
    known = [cell for cell in found if cell.value is not None]
    if item in _EPS and _eps_disagree(instance, span, [c.value for c in filled]):
        return replace(filled[0], value=None, reason=_EPS_REASON)
    conflict = found[0].value is None and (found[0].reason or "").startswith("filed")
    return found[0] if conflict else (filled or known or found)[0]


def _eps_disagree(instance: Instance, span: Span, values: list[Decimal | None]) -> bool:
    """Two EPS lines differ although nothing was discontinued or extraordinary."""
    if len(set(values)) < 2:  # noqa: PLR2004 - one line cannot disagree with itself
        return False
    apart = (*CONCEPTS[Family.GENERAL][Item.DISCONTINUED], "ExtraordinaryItems")
    facts = [fact for name in apart for fact in instance.of(span.context, name)]
    return not any(fact.value for fact in facts)


def _one(instance: Instance, item: Item, facts: tuple[Fact, ...]) -> Cell:
    # EPS and face value are rupees as printed: a scale on them is a filing slip.
    values = {fact.number if item.per_share else fact.value for fact in facts}
    fact = facts[0]
    value = fact.number if item.per_share else fact.value
    reason = fact.reason or (
        _unit_problem(instance, item, fact) if value is not None else None
    )
    if len(values) > 1:
        reason = "filed more than once with different values"
    return Cell(
        value=None if reason else value,
        printed=fact.text or None,
        method=Method.XBRL,
        row=fact.concept,
        column=fact.context,
        context=fact.context,
        concept=fact.concept,
        reason=reason,
    )


def _unit_problem(instance: Instance, item: Item, fact: Fact) -> str | None:
    if item.ratio:
        return None
    if fact.unit is None:
        return "filed without a unit"
    measure = instance.units.get(fact.unit)
    if measure is None:
        return f"its unit {fact.unit!r} is never declared"
    wanted = (
        {_RUPEE_MEASURE, f"{_RUPEE_MEASURE}/shares"}
        if item.per_share
        else {_RUPEE_MEASURE}
    )
    return None if measure in wanted else f"filed in {measure}, not in rupees"


def _unfiled_zeros(items: Mapping[Item, Cell]) -> dict[Item, Cell]:
    net = items.get(Item.NET_PROFIT)
    profit = net.value if net else None
    kept = {}
    for item, cell in items.items():
        blank = item in _NEVER_ZERO or (item in _ZERO_BESIDE_PROFIT and bool(profit))
        if cell.value == 0 and blank and not _rounds_away(item, profit):
            kept[item] = replace(
                cell, value=None, reason="filed as 0, meaning not given"
            )
        else:
            kept[item] = cell
    return kept


def _rounds_away(item: Item, profit: Decimal | None) -> bool:
    """A profit of a few lakh may truly be 0.00 a share."""
    small = abs(profit or Decimal(0)) < _SMALL
    return item.per_share and item is not Item.FACE_VALUE and small


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
        results = list(_outcomes(source, column, periods.columns[role].context))
        checks += [one.check(role) for one in results]
        if role is ColumnRole.CURRENT:
            current = results
        elif any(one.needed and not one.ok for one in results):
            # The other columns stand or fall by themselves.
            del kept[role]
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


def _outcomes(source: _Source, column: Column, context: str) -> Iterator[Outcome]:
    values = {item: cell.value for item, cell in column.items.items()}
    facts = [
        fact
        for item, cell in column.items.items()
        if cell.value and cell.concept and not item.per_share and not item.ratio
        for fact in source.instance.of(context, cell.concept)[:1]
    ]
    yield from outcomes(source.family, values, _step(facts))
    yield from earnings_per_share(values, Decimal(1))


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
