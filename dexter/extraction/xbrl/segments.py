"""Segment revenue and results of an XBRL column, published only as a whole.

The parts must add up to the filed total, the total less inter-segment revenue must be
the statement's own revenue or total income, and the results less finance cost and
unallocable expenditure must be its own profit before tax.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from dexter.domain.statement import Cell, Item, Method, Segment
from dexter.extraction.proof.identities import Values
from dexter.extraction.xbrl.instance import Instance

_NAME = "DescriptionOfReportableSegment"
_REVENUE = "SegmentRevenue"
_RESULT = "SegmentProfitLossBeforeTaxAndFinanceCosts"
_BETWEEN = ("InterSegmentRevenue",)
_BELOW = ("SegmentFinanceCosts", "OtherUnallocableExpenditureNetOffUnAllocableIncome")
_NET_REVENUE = "SegmentRevenueFromOperations"
_PROFIT = "SegmentProfitBeforeTax"
_TOPS = (Item.REVENUE, Item.TOTAL_INCOME)
_PROFITS = (Item.PROFIT_BEFORE_TAX, Item.PROFIT_BEFORE_EXCEPTIONAL)
_LONGEST_NAME = 120


def segments(instance: Instance, context: str, values: Values) -> tuple[Segment, ...]:
    """The segments of one column, empty where a sum does not hold to the rupee."""
    revenue = _proven(instance, context, _REVENUE, (_BETWEEN, _NET_REVENUE))
    if not _is_one_of(instance, context, _NET_REVENUE, (values.get(i) for i in _TOPS)):
        revenue = {}
    result = _proven(instance, context, _RESULT, (_BELOW, _PROFIT))
    if not _is_one_of(instance, context, _PROFIT, (values.get(i) for i in _PROFITS)):
        result = {}
    names = dict.fromkeys((*revenue, *result))
    return tuple(Segment(n, revenue.get(n), result.get(n)) for n in names)


def _proven(
    instance: Instance,
    context: str,
    concept: str,
    rest: tuple[tuple[str, ...], str],
) -> Mapping[str, Cell]:
    """Cells by segment name, if they add up and lead to the stated net figure."""
    total, net = _value(instance, context, concept), _value(instance, context, rest[1])
    parts = _parts(instance, context, concept)
    if not parts or total is None or net is None:
        return {}
    less = sum(
        (_value(instance, context, n) or Decimal(0) for n in rest[0]), Decimal(0)
    )
    whole = sum((cell.value or Decimal(0) for cell in parts.values()), Decimal(0))
    return parts if whole == total and total - less == net else {}


def _parts(instance: Instance, context: str, concept: str) -> dict[str, Cell]:
    prefix = context.removesuffix("D")
    found: dict[str, Cell] = {}
    for place, name in instance.facts:
        if name != concept or place == context or not place.startswith(prefix):
            continue
        said = instance.text(_NAME, (place,))
        (fact, *others) = instance.of(place, name)
        # Two segments of one name, or one filed twice, cannot be told apart.
        if said is None or said in found or others or fact.value is None:
            return {}
        found[said[:_LONGEST_NAME]] = Cell(
            value=fact.value,
            printed=fact.text,
            method=Method.XBRL,
            row=said[:_LONGEST_NAME],
            column=place,
            context=place,
            concept=name,
        )
    return found


def _value(instance: Instance, context: str, concept: str) -> Decimal | None:
    facts = instance.of(context, concept)
    return facts[0].value if len(facts) == 1 else None


def _is_one_of(
    instance: Instance, context: str, concept: str, known: Iterable[Decimal | None]
) -> bool:
    value = _value(instance, context, concept)
    return value is not None and value in list(known)
