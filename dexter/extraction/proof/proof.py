"""A table proven: its solution, and the columns and cells that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.statement import Cell, Check, Column, ColumnRole, Item
from dexter.extraction.pages.figures import Figure
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.proof.identities import Outcome, outcomes
from dexter.extraction.proof.solve import Solution
from dexter.extraction.proof.sources import Grid
from dexter.extraction.tables.cells import cell_at, column_text
from dexter.extraction.tables.roles import QUARTERS, Period
from dexter.extraction.tables.table import Table

CORE = QUARTERS
PROVEN = (
    Item.REVENUE,
    Item.OTHER_INCOME,
    Item.TOTAL_INCOME,
    Item.TOTAL_EXPENSES,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
)
# Which quarter each longer period contains, whatever the quarter reported.
_INSIDE = {
    ColumnRole.YEAR_TO_DATE: ColumnRole.CURRENT,
    ColumnRole.PREVIOUS_YEAR_TO_DATE: ColumnRole.SAME_QUARTER_LAST_YEAR,
    ColumnRole.PREVIOUS_YEAR: ColumnRole.SAME_QUARTER_LAST_YEAR,
}
_INCOME = Item.TOTAL_INCOME
_QUARTER = 3
Roles = Mapping[ColumnRole, tuple[int, Period]]


@dataclass(frozen=True, slots=True)
class Proof:
    """A table, its roles, and the assignment of rows that satisfied everything."""

    table: Table
    sheet: Sheet
    roles: Roles
    grid: Grid
    solution: Solution
    bank: bool

    @property
    def has_total(self) -> bool:
        """Whether a total income row is printed."""
        return bool(self.solution.sources[Item.TOTAL_INCOME].rows)

    @property
    def family(self) -> Family:
        """The statement format; lenders other than banks print the general one."""
        return Family.BANK if self.bank else Family.GENERAL

    def figures(self, row: int) -> dict[ColumnRole, Figure | None]:
        """What a row prints in each column that has a role."""
        cells = self.table.rows[row].cells
        return {role: cells[index] for role, (index, _) in self.roles.items()}


def columns_of(
    proof: Proof, rows: Mapping[Item, tuple[int, ...]]
) -> tuple[dict[ColumnRole, Column], list[Check], str | None]:
    """Columns with their checks, and the first core identity that fails.

    The core columns stay whatever happens; the others stand by their own identities.
    """
    columns: dict[ColumnRole, Column] = {}
    checks: list[Check] = []
    failed = None
    for role, (index, period) in proof.roles.items():
        head = column_text(proof.table, index)
        items = {
            item: cell
            for item, sources in rows.items()
            if (cell := cell_at(proof.table, proof.sheet, index, sources, head))
            is not None
        }
        results = [one for one in _checked(proof, items) if one.needed]
        checks += [one.check(role) for one in results]
        more = _more_income(proof, role)
        if more is not None and more < 0:
            failed = failed or f"{role}: less income than in the quarter inside it"
        if all(one.ok for one in results) and more != 0:
            columns[role] = Column(period.end, period.months or 3, items)
        elif role in CORE:
            columns[role] = Column(period.end, period.months or 3, items)
            failed = failed or f"{role}: an identity does not hold"
    return columns, checks, failed


def _more_income(proof: Proof, role: ColumnRole) -> Decimal | None:
    """A longer period's income less that of a quarter inside it, where both are known.

    ``None`` too where the quarter's income is negative, which the year may outweigh.
    """
    inside = _INSIDE.get(role)
    if inside is None or inside not in proof.roles:
        return None
    longer, quarter = (
        sum(
            (
                cell.value or Decimal(0)
                for row in proof.solution.sources[item].rows
                if (cell := proof.table.rows[row].cells[proof.roles[one][0]])
            ),
            Decimal(0),
        )
        for one in (role, inside)
        for item in (_INCOME if proof.has_total else Item.REVENUE,)
    )
    same = (proof.roles[role][1].months or 0) <= _QUARTER
    return None if same or quarter <= 0 else longer - quarter


def repeats_quarter(proof: Proof) -> bool:
    """Whether a longer year to date has the quarter's own figures.

    One of the two is then misprinted, and nobody can say which.
    """
    year = proof.roles.get(ColumnRole.YEAR_TO_DATE)
    if year is None or (year[1].months or 0) <= _QUARTER:
        return False
    now = proof.roles[ColumnRole.CURRENT][0]
    rows = [
        row
        for item in (Item.REVENUE, Item.TOTAL_EXPENSES, Item.PROFIT_BEFORE_TAX)
        for row in proof.solution.sources[item].rows
    ]
    pairs = [
        (proof.table.rows[r].cells[now], proof.table.rows[r].cells[year[0]])
        for r in rows
    ]
    known = [(a.value, b.value) for a, b in pairs if a and b and a.value]
    return bool(known) and all(a == b for a, b in known)


def _checked(proof: Proof, items: Mapping[Item, Cell]) -> tuple[Outcome, ...]:
    return outcomes(proof.family, _filled(proof, items), proof.grid.step)


def _filled(proof: Proof, items: Mapping[Item, Cell]) -> dict[Item, Decimal | None]:
    """Values for the identities: a proven dash counts as nothing."""
    values: dict[Item, Decimal | None] = {i: c.value for i, c in items.items()}
    for item in PROVEN:
        if values.get(item) is None:
            values[item] = Decimal(0)
    income = (values[Item.REVENUE] or Decimal(0)) + (
        values[Item.OTHER_INCOME] or Decimal(0)
    )
    if not proof.solution.sources[Item.TOTAL_INCOME].rows:
        values[Item.TOTAL_INCOME] = income
    finance = proof.solution.sources.get(Item.FINANCE_COSTS)
    if finance and values.get(Item.FINANCE_COSTS):
        # Finance cost printed below the total: the identity wants it inside.
        total = values[Item.TOTAL_EXPENSES] or Decimal(0)
        values[Item.TOTAL_EXPENSES] = total + (values[Item.FINANCE_COSTS] or Decimal(0))
    return values
