"""Sums inside a statement that the verdict does not depend on.

They decide line by line what is published: a line whose sum fails is withheld with its
reason, a line that no identity covers is published with less confidence, and the
statement itself stands by its headline identities alone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from dexter.domain.company import Family
from dexter.domain.statement import Cell, Item
from dexter.extraction.proof.identities import Outcome, Values
from dexter.extraction.proof.sums import SUMS, Sum

# Measured on lines no sum covers: of 88 paid-up capitals in real XBRL files whose
# balance sheet states the share capital too, 80 agree (tests: test_xbrl_real).
UNCOVERED = 0.9
_ZERO = Decimal(0)
_HALF = Decimal("0.5")


# What the verdict itself stands on: never withheld here.
_HEADLINE = {
    Item.REVENUE,
    Item.TOTAL_EXPENSES,
    Item.EXCEPTIONAL,
    Item.PROFIT_BEFORE_TAX,
    Item.TAX,
    Item.NET_PROFIT,
    Item.INTEREST_EARNED,
    Item.OPERATING_EXPENSES,
}
_BAD_LOANS = (
    Item.GROSS_NPA,
    Item.GROSS_NPA_RATIO,
    Item.NET_NPA,
    Item.NET_NPA_RATIO,
)
# Terms of a headline identity that are nothing unless they are filed.
_TERMS = {
    Item.EXCEPTIONAL,
    Item.SHARE_OF_ASSOCIATES,
    Item.DISCONTINUED,
    Item.REGULATORY_DEFERRAL,
    Item.NET_PROFIT_MINORITY,
}


def sums(family: Family, values: Values, step: Decimal) -> tuple[Outcome, ...]:
    """Every sum of a family that can be checked on one column."""
    found = [_outcome(one, values, step) for one in SUMS[family]]
    loans = (_one_book(values),) if family is Family.BANK else ()
    return tuple(one for one in (*found, *loans) if one is not None)


def _outcome(one: Sum, values: Values, step: Decimal) -> Outcome | None:
    needed = [values.get(item) for item in (one.whole, *one.parts)]
    if None in needed or not _filed(one, values):
        return None
    printed = values[one.whole] or _ZERO
    parts = [item for item in one.items[1:] if values.get(item) is not None]
    totals = {
        sum(
            ((sign if i in one.signed else 1) * (values[i] or _ZERO) for i in parts),
            _ZERO,
        )
        for sign in (1, -1)
    }
    nearest = min(totals, key=lambda total: (abs(printed - total), total))
    allowed = step * (len(parts) + 1) / 2
    detail = f"{one.whole} {printed:f}, computed {nearest:f}"
    return Outcome(one.name, printed - nearest, allowed, detail, needed=False)


def _filed(one: Sum, values: Values) -> bool:
    """Software files untouched lines as 0: beside a whole they say nothing."""
    return not values.get(one.whole) or any(values.get(i) for i in one.items[1:])


def _one_book(values: Values) -> Outcome | None:
    """Gross and net NPA, with their ratios, leave the same standard loans.

    Loans less bad loans is one number, whether both are taken gross or net of
    provisions; the ratios are rounded, so two intervals must meet.
    """
    gross, gross_ratio, net, net_ratio = (values.get(item) for item in _BAD_LOANS)
    if not gross or not gross_ratio or not net or not net_ratio:
        return None
    name = "gross and net NPA speak of one loan book"
    one, other = _standard(gross, gross_ratio), _standard(net, net_ratio)
    apart = max(one[0] - other[1], other[0] - one[1], _ZERO)
    ordered = net <= gross and net_ratio <= gross_ratio
    detail = f"gross {gross:f} is {gross_ratio}, net {net:f} is {net_ratio}"
    return Outcome(name, apart if ordered else gross, _ZERO, detail, needed=False)


def _standard(bad: Decimal, ratio: Decimal) -> tuple[Decimal, Decimal]:
    exponent = ratio.as_tuple().exponent
    half = _HALF.scaleb(exponent) if isinstance(exponent, int) else _ZERO
    high = bad / (ratio - half) if ratio > half else Decimal("Infinity")
    return bad / (ratio + half) - bad, high - bad


Check = Callable[[Values], Iterable[Outcome]]


def believed(
    family: Family, items: Mapping[Item, Cell], step: Decimal, headline: Check
) -> dict[Item, Cell]:
    """The cells of one column, doubtful ones withheld or marked.

    Args:
        family: whose sums apply.
        items: the column's cells.
        step: one unit of the last printed place.
        headline: the identities that the verdict stands on.
    """
    kept = dict(items)
    results = {one: _outcome(one, _values(items), step) for one in SUMS[family]}
    sound = {i for one, o in results.items() if o and o.ok for i in one.items}
    for one, outcome in results.items():
        lines = [item for item in one.items if item not in _HEADLINE | sound]
        if outcome is not None and not outcome.ok:
            _withhold(kept, lines, f"{one.name} does not hold")
        elif not _filed(one, _values(items)):
            _withhold(kept, lines, "filed as 0, meaning not given", only_zero=True)
    book = _one_book(_values(kept)) if family is Family.BANK else None
    if book is not None and not book.ok:
        _withhold(kept, _BAD_LOANS, f"{book.name}: it does not hold")
    return _marked(kept, step, lambda v: chain(sums(family, v, step), headline(v)))


def _values(items: Mapping[Item, Cell]) -> dict[Item, Decimal | None]:
    return {item: cell.value for item, cell in items.items()}


def _withhold(
    kept: dict[Item, Cell],
    lines: Iterable[Item],
    reason: str,
    *,
    only_zero: bool = False,
) -> None:
    for item in lines:
        cell = kept.get(item)
        if cell and cell.value is not None and not (only_zero and cell.value):
            kept[item] = replace(cell, value=None, reason=reason)


def _marked(kept: Mapping[Item, Cell], step: Decimal, check: Check) -> dict[Item, Cell]:
    """Less confidence where a changed value would break nothing that holds."""
    values = _values(kept)
    held = {one.name for one in check(values) if _sure(one)}
    marked = dict(kept)
    for item, cell in kept.items():
        if cell.value is None or (item in _TERMS and not cell.value):
            continue
        twins = [i for i, c in kept.items() if _same_fact(c, cell)]
        wrong = _changed(item, cell.value, step)
        changed = values | dict.fromkeys(twins, wrong)
        if all(_sure(one) for one in check(changed) if one.name in held):
            marked[item] = replace(cell, confidence=min(cell.confidence, UNCOVERED))
    return marked


def _sure(one: Outcome) -> bool:
    """A sum of many parts leaves room for rounding, and so for a wrong digit."""
    return one.ok if one.needed else one.exact


def _same_fact(one: Cell, other: Cell) -> bool:
    """A bank's revenue is its interest earned: one fact under two names."""
    return (one.concept, one.context) == (other.concept, other.context)


def _changed(item: Item, value: Decimal, step: Decimal) -> Decimal:
    """The value misfiled: a digit of an amount, the scale of a rate."""
    loose = item.per_share or item.ratio or item in _BAD_LOANS
    return value * 10 if loose and value else value + 100 * step
