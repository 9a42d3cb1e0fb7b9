"""XBRL facts to the cells of one column."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from dexter.domain.company import Family
from dexter.domain.statement import Cell, Item, Method
from dexter.extraction.xbrl.concepts import CONCEPTS
from dexter.extraction.xbrl.instance import Fact, Instance
from dexter.extraction.xbrl.periods import Span
from dexter.extraction.xbrl.tags import INSTANT

_RUPEE_MEASURE = "INR"
_SMALL = Decimal(10_000_000)
# These are filed as 0 by software when the company left them blank.
_NEVER_ZERO = INSTANT | {
    Item.GROSS_NPA,
    Item.NET_NPA,
    Item.GROSS_NPA_RATIO,
    Item.NET_NPA_RATIO,
    Item.RETURN_ON_ASSETS,
    Item.CET1_RATIO,
    Item.ADDITIONAL_TIER1_RATIO,
    Item.SOLVENCY_RATIO,
    Item.GROSS_PREMIUM,
    Item.NET_PREMIUM,
}
_EPS = {Item.EPS_BASIC, Item.EPS_DILUTED}
_EPS_REASON = "two EPS lines differ though nothing was discontinued"
_ZERO_BESIDE_PROFIT = {Item.EPS_BASIC, Item.EPS_DILUTED, Item.NET_PROFIT_OWNERS}


def cells(
    instance: Instance, family: Family, span: Span, balances: tuple[str, ...] = ()
) -> dict[Item, Cell]:
    """Every line of a family that a context states.

    Args:
        instance: the document.
        family: whose concepts to look for.
        span: the column's context.
        balances: contexts of the day the span ends on, for lines of a point in time.
    """
    items: dict[Item, Cell] = {}
    for item, names in CONCEPTS[family].items():
        places = (span.context, *(balances if item in INSTANT else ()))
        cell = _cell(instance, places, item, names)
        if cell is not None:
            items[item] = cell
    return _unfiled_zeros(items)


def _cell(
    instance: Instance, places: tuple[str, ...], item: Item, names: tuple[str, ...]
) -> Cell | None:
    found = [
        _one(instance, item, facts)
        for name in names
        for place in places
        if (facts := instance.of(place, name))
    ]
    if not found:
        return None
    # A blank or zero first choice gives way to a filled later one (EPS of continuing
    # operations where the combined line was left at 0).
    filled = [cell for cell in found if cell.value]
    known = [cell for cell in found if cell.value is not None]
    if item in _EPS and _eps_disagree(instance, places[0], [c.value for c in filled]):
        return replace(filled[0], value=None, reason=_EPS_REASON)
    conflict = found[0].value is None and (found[0].reason or "").startswith("filed")
    return found[0] if conflict else (filled or known or found)[0]


def _eps_disagree(
    instance: Instance, context: str, values: list[Decimal | None]
) -> bool:
    """Two EPS lines differ although nothing was discontinued or extraordinary."""
    if len(set(values)) < 2:  # noqa: PLR2004 - one line cannot disagree with itself
        return False
    apart = (*CONCEPTS[Family.GENERAL][Item.DISCONTINUED], "ExtraordinaryItems")
    facts = [fact for name in apart for fact in instance.of(context, name)]
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
        # Ratios come with any unit; a percentage would be a hundred times too much.
        whole = item is not Item.SOLVENCY_RATIO and abs(fact.value or Decimal(0)) >= 1
        return "filed as a percentage or an amount, not a fraction" if whole else None
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
