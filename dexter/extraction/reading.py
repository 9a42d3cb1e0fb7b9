"""One page's words to statements: periods, labels, proof, cells with boxes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from dexter.domain.company import Family
from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Check, ColumnRole, Item, Statement, Unit
from dexter.extraction import heading
from dexter.extraction.components import expense_rows
from dexter.extraction.figures import Figure
from dexter.extraction.gate import same_everywhere, structural_problem
from dexter.extraction.header import column_periods
from dexter.extraction.labels import candidates, row_score
from dexter.extraction.owners import Shares, owners_of, shares_of, without_doubtful
from dexter.extraction.proof import (
    CORE,
    PROVEN,
    Proof,
    column_text,
    columns_of,
    repeats_quarter,
)
from dexter.extraction.roles import roles
from dexter.extraction.second import disagreement
from dexter.extraction.solve import BANK, GENERAL, Solution, rivals, solve
from dexter.extraction.sources import grid
from dexter.extraction.table import Row, Table, tables
from dexter.extraction.words import Word

_MIN_CORE = 2
_MIN_PROVEN = 3
_SURE = 90.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as read from one table, before the filing's others are consulted."""

    statement: Statement
    figures: tuple[Figure, ...]
    rounded: bool


def read_tables(words: Sequence[Word], page: int) -> list[Draft]:
    """A draft for every results table among a page's words."""
    drafts = [_draft(table, page) for table in tables(words)]
    return [draft for draft in drafts if draft is not None]


def _draft(table: Table, page: int) -> Draft | None:
    found = roles(column_periods(table))
    core = [role for role in CORE if role in found]
    bank = _looks_like_bank(table.rows)
    if not _looks_like_results(table.rows):
        return None
    if len(core) < _MIN_CORE:
        return _refused(table, page, "the header does not say which column is which")
    values = grid(table.rows, [found[role][0] for role in core], _step(table))
    solutions = solve(values, BANK if bank else GENERAL)
    broken = [structural_problem(values, one, bank=bank) for one in solutions]
    sound = [one for one, why in zip(solutions, broken, strict=True) if not why]
    why = broken[0] if broken and not sound else _why_not(sound)
    if why:
        return _refused(table, page, why)
    return _built(Proof(table, page, found, values, sound[0], bank))


def _looks_like_results(rows: Sequence[Row]) -> bool:
    need = (Item.PROFIT_BEFORE_TAX, Item.NET_PROFIT)
    return all(candidates(item, rows) for item in need)


def _looks_like_bank(rows: Sequence[Row]) -> bool:
    need = (Item.INTEREST_EXPENDED, Item.OPERATING_PROFIT, Item.PROVISIONS)
    return all(max(row_score(i, row) for row in rows) >= _SURE for i in need)


def _why_not(sound: Sequence[Solution]) -> str | None:
    if not sound:
        return "no reading of the rows satisfies the accounting identities"
    if rivals(sound, PROVEN):
        return "two readings of the rows satisfy the identities equally well"
    if same_everywhere([sound[0].sources[item].values for item in PROVEN]):
        return "two columns carry the same figures"
    return None


def _built(proof: Proof) -> Draft:
    unit = heading.unit(proof.table.header)
    basis = heading.basis(proof.table.header)
    owners = owners_of(proof)
    shares = shares_of(proof, owners, unit)
    rows = _item_rows(proof, owners, shares)
    columns, checks, failed = columns_of(proof, rows)
    columns = without_doubtful(columns, shares)
    checks += [
        Check(f"{role}: EPS", ok=False, detail=w) for role, w in shares.columns.items()
    ]
    reason = failed or shares.reason
    if repeats_quarter(proof):
        reason = reason or "the quarter and the year to date carry the same figures"
    if len(columns) < _MIN_PROVEN:
        reason = reason or "fewer than three columns could be proven"
    statement = Statement(
        basis=basis,
        family=proof.family,
        audited=_audited(proof),
        unit=unit,
        period_end=proof.roles[ColumnRole.CURRENT][1].end,
        months=proof.roles[ColumnRole.CURRENT][1].months,
        page=proof.page,
        grade=Grade.A if proof.solution.exact else Grade.B,
        status=Review.REVIEW if reason else Review.ACCEPTED,
        reason=reason,
        columns=columns,
        checks=tuple(checks),
        company=_company(proof.table),
    )
    used = [
        figure
        for source in proof.solution.sources.values()
        for row in source.rows
        for role, figure in proof.figures(row).items()
        if figure and role in CORE
    ]
    return Draft(statement, tuple(used), not proof.solution.exact)


def _item_rows(
    proof: Proof, owners: Mapping[Item, int], shares: Shares
) -> dict[Item, tuple[int, ...]]:
    rows = {item: source.rows for item, source in proof.solution.sources.items()}
    rows |= {item: (row,) for item, row in owners.items()}
    if shares.rows and not shares.reason:
        rows[Item.EPS_BASIC] = (shares.rows.basic,)
        rows[Item.EPS_DILUTED] = (shares.rows.diluted,)
    if proof.bank:
        rows[Item.INTEREST_EARNED] = rows[Item.REVENUE]
        return rows
    return expense_rows(proof.grid, proof.solution) | rows


def _audited(proof: Proof) -> bool | None:
    index = proof.roles[ColumnRole.CURRENT][0]
    return heading.audited(column_text(proof.table, index), proof.table.header)


def _company(table: Table) -> str | None:
    for line in table.header[:6]:
        text = line.text.strip()
        if any(b.x0 < a.x1 - 1 for a, b in pairwise(line.words)):
            continue  # two texts over each other: hidden words are in it
        if text.lower().rstrip(".").endswith(("limited", "ltd")):
            return text[:120]
    return None


def _step(table: Table) -> Decimal:
    """One unit of the last printed place, the coarsest that any amount uses."""
    places = [
        len(cell.printed.rstrip(")*#").partition(".")[2])
        for row in table.rows
        for cell in row.cells
        if cell and cell.value
    ]
    if not places:
        return Decimal(1)
    common = max(set(places), key=places.count)
    return Decimal(1).scaleb(-common)


def _refused(table: Table, page: int, reason: str) -> Draft:
    statement = Statement(
        basis=heading.basis(table.header),
        family=Family.BANK if _looks_like_bank(table.rows) else Family.GENERAL,
        audited=None,
        unit=heading.unit(table.header),
        period_end=None,
        months=None,
        page=page,
        grade=Grade.C,
        status=Review.REVIEW,
        reason=reason,
        columns={},
    )
    return Draft(statement, (), rounded=False)


def agree(drafts: Iterable[Draft], content: bytes) -> tuple[Statement, ...]:
    """Settle what one table could not say alone: unit, basis, rounding.

    A missing unit may come from the filing's other statements if they agree; a
    missing basis is never inferred. A reading that holds only within rounding needs
    the second reader to see every figure alike.
    """
    kept = list(drafts)
    units = {d.statement.unit for d in kept if d.statement.unit}
    unit = units.pop() if len(units) == 1 else None
    settled = [_settled(draft, unit, content) for draft in kept]
    return tuple(_once(settled))


def _settled(draft: Draft, unit: Unit | None, content: bytes) -> Statement:
    one = draft.statement
    if one.unit is None and unit is not None:
        one = replace(one, unit=unit)
    if one.status is not Review.ACCEPTED:
        return replace(one, grade=Grade.C)
    reason = None
    if one.unit is None:
        reason = "no unit is printed above the table"
    elif one.basis is None:
        reason = "the page does not say standalone or consolidated"
    elif draft.rounded:
        reason = disagreement(content, one.page or 1, draft.figures)
    if reason:
        return replace(one, status=Review.REVIEW, grade=Grade.C, reason=reason)
    return one


def _once(statements: Sequence[Statement]) -> list[Statement]:
    """One statement per basis and period: a repeat goes, a contradiction to review."""
    kept: list[Statement] = []
    for one in statements:
        twin = next((i for i, other in enumerate(kept) if _twins(one, other)), None)
        if twin is None:
            kept.append(one)
        elif _figures(one) != _figures(kept[twin]):
            kept[twin] = _contradicted(kept[twin])
            kept.append(_contradicted(one))
    return kept


def _twins(one: Statement, other: Statement) -> bool:
    both = one.status is Review.ACCEPTED and other.status is Review.ACCEPTED
    same = (one.basis, one.period_end) == (other.basis, other.period_end)
    return both and same


def _figures(one: Statement) -> list[Decimal | None]:
    return [one.rupees(item) for item in PROVEN]


def _contradicted(one: Statement) -> Statement:
    why = "the filing has two statements of this basis and period that differ"
    return replace(one, status=Review.REVIEW, grade=Grade.C, reason=why)
