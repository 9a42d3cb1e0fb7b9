"""One page's words to statements: periods, labels, proof, cells with boxes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from dexter.domain.company import Family
from dexter.domain.filing import Grade, Review
from dexter.domain.statement import Check, Column, ColumnRole, Item, Method, Statement
from dexter.extraction.pages.figures import Figure
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.pages.words import Word
from dexter.extraction.proof.components import believed, further
from dexter.extraction.proof.gate import same_everywhere, structural_problem
from dexter.extraction.proof.labels import candidates, row_score
from dexter.extraction.proof.owners import (
    Shares,
    owners_of,
    shares_of,
    without_doubtful,
)
from dexter.extraction.proof.proof import (
    CORE,
    PROVEN,
    Proof,
    Roles,
    columns_of,
    repeats_quarter,
)
from dexter.extraction.proof.proposal import proposed
from dexter.extraction.proof.respell import Look, respelled
from dexter.extraction.proof.solve import BANK, GENERAL, Solution, rivals, solve
from dexter.extraction.proof.sources import grid
from dexter.extraction.tables import heading
from dexter.extraction.tables.cells import column_text
from dexter.extraction.tables.header import column_periods, speaks_otherwise
from dexter.extraction.tables.roles import doubt, roles
from dexter.extraction.tables.sides import sides
from dexter.extraction.tables.table import Row, Table, tables

_SURE = 90.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A statement as read from one table, before the filing's others are consulted."""

    statement: Statement
    sheet: Sheet
    figures: tuple[Figure, ...] = ()
    per_share: Mapping[tuple[ColumnRole, Item], Figure] = field(default_factory=dict)
    rounded: bool = False


def read_tables(
    words: Sequence[Word], sheet: Sheet, look: Look | None = None
) -> list[Draft]:
    """A draft for every results table among a page's words.

    Args:
        words: of the page, by whichever reader may be believed on it.
        sheet: the page, and who read it.
        look: reads figures of the page a second time, where the first time loses signs.
    """
    drafts = [
        _draft(half, sheet, look) for table in tables(words) for half in sides(table)
    ]
    return [draft for draft in drafts if draft is not None]


def told(draft: Draft, finding: str) -> Draft:
    """A draft with something found about its page among its checks."""
    checks = (*draft.statement.checks, Check("text layer", ok=False, detail=finding))
    return replace(draft, statement=replace(draft.statement, checks=checks))


def _draft(table: Table, sheet: Sheet, look: Look | None) -> Draft | None:
    if not _looks_like_results(table.rows):
        return None
    periods = column_periods(table)
    found = roles(periods)
    why = doubt(periods, found)
    told = all(one and one.months for one in periods[: len(CORE)])
    if not why and not told and speaks_otherwise(table, len(CORE)):
        why = "the header names another period than a quarter over the first columns"
    if why:
        return _refused(table, sheet, found, why)
    solved = _solved(table, sheet, found)
    if isinstance(solved, Proof):
        return _built(solved)
    again = _solved_again(table, sheet, found, look) if look else None
    return _built(again) if again else _refused(table, sheet, found, solved)


def _solved(table: Table, sheet: Sheet, found: Roles) -> Proof | str:
    """The proof of a table, or why there is none."""
    bank = _looks_like_bank(table.rows)
    core = [found[role][0] for role in CORE if role in found]
    lossy = sheet.method is not Method.TEXT
    values = grid(table.rows, core, _step(table), lossy=lossy)
    solutions = solve(values, BANK if bank else GENERAL)
    broken = [structural_problem(values, one, bank=bank) for one in solutions]
    sound = [one for one, why in zip(solutions, broken, strict=True) if not why]
    why = broken[0] if broken and not sound else _why_not(sound)
    return why or Proof(table, sheet, found, values, sound[0], bank)


def _solved_again(table: Table, sheet: Sheet, found: Roles, look: Look) -> Proof | None:
    """A proof from a second look: its signs, or all it sees if that is exact."""
    core = [found[role][0] for role in CORE if role in found]
    seen = respelled(table, core, look)
    if seen is None:
        return None
    signs, everything = (_solved(one, sheet, found) for one in seen)
    if isinstance(signs, Proof):
        return signs
    exact = isinstance(everything, Proof) and everything.solution.exact
    return everything if isinstance(everything, Proof) and exact else None


def _looks_like_results(rows: Sequence[Row]) -> bool:
    need = (Item.PROFIT_BEFORE_TAX, Item.NET_PROFIT)
    return all(candidates(item, rows) for item in need)


def _looks_like_bank(rows: Sequence[Row]) -> bool:
    """Only banks earn and expend interest (Schedule III companies have an income)."""
    need = (Item.INTEREST_EARNED, Item.INTEREST_EXPENDED)
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
    basis = proof.table.basis or heading.basis(proof.table.header)
    owners = owners_of(proof)
    shares = shares_of(proof, owners, unit)
    found = further(proof)
    rows = found.rows | _item_rows(proof, owners, shares)
    columns, checks, failed = columns_of(proof, rows)
    columns = without_doubtful(columns, shares, proof.sheet)
    columns = believed(proof, found, columns)
    checks += [
        Check(f"{role}: EPS", ok=False, detail=w) for role, w in shares.columns.items()
    ]
    reason = failed
    if repeats_quarter(proof):
        reason = reason or "the quarter and the year to date carry the same figures"
    statement = Statement(
        basis=basis,
        family=proof.family,
        audited=_audited(proof),
        unit=unit,
        period_end=proof.roles[ColumnRole.CURRENT][1].end,
        months=proof.roles[ColumnRole.CURRENT][1].months,
        page=proof.sheet.page,
        grade=Grade.A if proof.solution.exact else Grade.B,
        status=Review.REVIEW if reason else Review.ACCEPTED,
        reason=reason,
        columns=columns,
        checks=tuple(checks),
        company=_company(proof.table),
    )
    return Draft(
        statement,
        proof.sheet,
        _used(proof),
        _per_share(proof, shares, columns),
        rounded=not proof.solution.exact,
    )


def _used(proof: Proof) -> tuple[Figure, ...]:
    """The printed figures the proof rests on."""
    return tuple(
        figure
        for source in proof.solution.sources.values()
        for row in source.rows
        for role, figure in proof.figures(row).items()
        if figure and role in CORE
    )


def _per_share(
    proof: Proof, shares: Shares, columns: Mapping[ColumnRole, Column]
) -> dict[tuple[ColumnRole, Item], Figure]:
    """The printed figures of the EPS cells believed so far."""
    if shares.rows is None:
        return {}
    rows = {Item.EPS_BASIC: shares.rows.basic, Item.EPS_DILUTED: shares.rows.diluted}
    return {
        (role, item): figure
        for item, row in rows.items()
        for role, figure in proof.figures(row).items()
        if figure
        and role in columns
        and (cell := columns[role].items.get(item))
        and cell.value is not None
    }


def _item_rows(
    proof: Proof, owners: Mapping[Item, int], shares: Shares
) -> dict[Item, tuple[int, ...]]:
    rows = {item: source.rows for item, source in proof.solution.sources.items()}
    rows |= {item: (row,) for item, row in owners.items()}
    if shares.rows:
        rows[Item.EPS_BASIC] = (shares.rows.basic,)
        rows[Item.EPS_DILUTED] = (shares.rows.diluted,)
    if not proof.has_total:
        rows[Item.TOTAL_INCOME] = _unnamed_total(proof)
    if proof.bank:
        rows[Item.INTEREST_EARNED] = rows[Item.REVENUE]
    return rows


def _unnamed_total(proof: Proof) -> tuple[int, ...]:
    """The line that adds revenue and other income without saying “total income”."""
    sources = proof.solution.sources
    parts = (*sources[Item.REVENUE].rows, *sources[Item.OTHER_INCOME].rows)
    wanted = sources[Item.TOTAL_INCOME].values
    if not any(sources[Item.OTHER_INCOME].values):
        return ()
    for row in range(max(parts) + 1, sources[Item.TOTAL_EXPENSES].rows[0]):
        total = "total" in proof.table.rows[row].label.lower()
        if total and proof.grid.values[row] == wanted:
            return (row,)
    return ()


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


def _refused(table: Table, sheet: Sheet, found: Roles, reason: str) -> Draft:
    """A review with what its labels propose, and why that is not proven."""
    now = found.get(ColumnRole.CURRENT)
    statement = Statement(
        basis=table.basis or heading.basis(table.header),
        family=Family.BANK if _looks_like_bank(table.rows) else Family.GENERAL,
        audited=None,
        unit=heading.unit(table.header),
        period_end=now[1].end if now else None,
        months=now[1].months if now else None,
        page=sheet.page,
        grade=Grade.C,
        status=Review.REVIEW,
        reason=reason,
        columns=proposed(table, sheet, found),
    )
    return Draft(statement, sheet)
