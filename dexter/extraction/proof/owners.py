"""Owners' profit and earnings per share: believed only where they fit the profit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from dexter.domain.statement import Cell, Column, ColumnRole, Item, Unit
from dexter.extraction.pages.sheet import Sheet
from dexter.extraction.proof.labels import candidates, score
from dexter.extraction.proof.proof import Proof
from dexter.extraction.proof.shares import (
    PerShare,
    eps_rows,
    face_value,
    order_problem,
    prefer,
    problems,
)

_SURE = 90.0
_EPS = (Item.EPS_BASIC, Item.EPS_DILUTED)
_MISSING = "EPS is missing beside a profit that is not zero"


def owners_of(proof: Proof) -> dict[Item, int]:
    """Owners' and minority's rows, believed only if they add up to the profit."""
    return _bank_owners(proof) if proof.bank else _general_owners(proof)


def _bank_owners(proof: Proof) -> dict[Item, int]:
    """Net profit + associates − minority, which a bank prints one under the other."""
    after = proof.solution.sources[Item.NET_PROFIT].rows[-1]
    rows = range(after + 1, min(after + 6, len(proof.table.rows)))
    vectors = {row: v for row in rows if (v := proof.grid.values[row]) is not None}
    profit = proof.solution.sources[Item.NET_PROFIT].values
    for owner, minority in permutations(vectors, 2):
        label = proof.table.rows[minority].label
        if score(Item.NET_PROFIT_MINORITY, label) < _SURE or owner < minority:
            continue
        shares = [r for r in vectors if r not in {owner, minority} and r < owner]
        for share in shares:
            sums = zip(profit, vectors[share], vectors[minority], strict=True)
            if tuple(p + s - m for p, s, m in sums) == vectors[owner]:
                return {
                    Item.NET_PROFIT_OWNERS: owner,
                    Item.NET_PROFIT_MINORITY: minority,
                    Item.SHARE_OF_ASSOCIATES: share,
                }
    return {}


def _general_owners(proof: Proof) -> dict[Item, int]:
    after = proof.solution.sources[Item.NET_PROFIT].rows[-1]
    profit = proof.solution.sources[Item.NET_PROFIT].values
    near = proof.table.rows[after + 1 : after + 7]
    for first in candidates(Item.NET_PROFIT_OWNERS, near):
        for second in candidates(Item.NET_PROFIT_MINORITY, near):
            rows = (after + 1 + first.row, after + 1 + second.row)
            a, b = (proof.grid.values[row] for row in rows)
            if a is None or b is None or rows[0] == rows[1]:
                continue
            if all(
                abs(x + y - z) <= proof.grid.step * 3 / 2
                for x, y, z in zip(a, b, profit, strict=True)
            ):
                return {
                    Item.NET_PROFIT_OWNERS: rows[0],
                    Item.NET_PROFIT_MINORITY: rows[1],
                }
    return {}


@dataclass(frozen=True, slots=True)
class Shares:
    """The EPS rows believed, and why some of their columns are not."""

    rows: PerShare | None
    reason: str | None
    columns: Mapping[ColumnRole, str]


def shares_of(proof: Proof, owners: Mapping[Item, int], unit: Unit | None) -> Shares:
    """The first pair of EPS rows whose current column fits the profit."""
    after = proof.solution.sources[Item.NET_PROFIT].rows[-1]
    rows = proof.table.rows
    worth = unit.rupees if unit else Decimal(1)
    profit = proof.figures(owners.get(Item.NET_PROFIT_OWNERS, after))
    profits = {
        role: (figure.value if figure and figure.value else Decimal(0)) * worth
        for role, figure in profit.items()
    }
    printed = _printed_shares(proof, worth) if unit else None
    tried = [
        _judged_pair(proof, pair, profits, printed)
        for pair in prefer(eps_rows(rows, after), rows)
    ]
    good = [one for one in tried if one.reason is None]
    if good:
        return min(good, key=lambda one: len(one.columns))
    if tried:
        return tried[0]
    missing = {role: _MISSING for role, value in profits.items() if value}
    return Shares(None, missing.get(ColumnRole.CURRENT), missing)


def _judged_pair(
    proof: Proof,
    pair: PerShare,
    profits: Mapping[ColumnRole, Decimal],
    printed: Decimal | None,
) -> Shares:
    roles = list(profits)
    amounts = list(profits.values())
    basic = [proof.figures(pair.basic)[role] for role in roles]
    diluted = [proof.figures(pair.diluted)[role] for role in roles]
    first = problems(amounts, basic, printed)
    second = problems(amounts, diluted, printed)
    bad = {
        role: why
        for role, one, other in zip(roles, first, second, strict=True)
        if (why := one or other)
    }
    now = roles.index(ColumnRole.CURRENT)
    order = order_problem(basic[now : now + 1], diluted[now : now + 1])
    reason = bad.get(ColumnRole.CURRENT) or order
    return Shares(
        pair,
        reason,
        {role: bad.get(role) or reason for role in roles} if reason else bad,
    )


def _printed_shares(proof: Proof, worth: Decimal) -> Decimal | None:
    found = candidates(Item.PAID_UP_CAPITAL, proof.table.rows)
    face = face_value(proof.table.rows)
    if not found or not face:
        return None
    values = proof.grid.values[found[0].row]
    return values[0] * worth / face if values and values[0] else None


def without_doubtful(
    columns: Mapping[ColumnRole, Column], shares: Shares, sheet: Sheet
) -> dict[ColumnRole, Column]:
    """An EPS that does not fit its profit, or is not there, is null with its reason."""
    kept = dict(columns)
    for role, why in shares.columns.items():
        if role not in kept:
            continue
        items = dict(kept[role].items)
        for item in _EPS:
            nothing = Cell(None, None, sheet.method, sheet.page)
            items[item] = replace(items.get(item, nothing), value=None, reason=why)
        kept[role] = replace(kept[role], items=items)
    return kept
