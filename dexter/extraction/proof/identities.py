"""The arithmetic a results statement must satisfy, per family and column.

A reading is believed because these hold, not because a label matched. Amounts are in
the statement's own unit; ``step`` is one unit of the last printed place, so that a
rounded sum may be off by half a step for each of its terms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from dexter.domain.company import Family
from dexter.domain.statement import Check, Item

Values = Mapping[Item, Decimal | None]
_ZERO = Decimal(0)
_EPS_STEP = Decimal("0.011")
_SHARES_LOW = Decimal("0.5")
_SHARES_HIGH = Decimal(2)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One identity on one column: how far off, and how far it may be.

    ``off`` is ``None`` when a figure the identity needs is absent.
    """

    name: str
    off: Decimal | None
    allowed: Decimal
    detail: str
    needed: bool = True

    @property
    def ok(self) -> bool:
        """Whether it holds within what rounding explains."""
        return self.off is not None and abs(self.off) <= self.allowed

    @property
    def exact(self) -> bool:
        """Whether it holds to the last digit."""
        return self.off == _ZERO

    def check(self, column: str) -> Check:
        """As a check of a statement, naming its column."""
        return Check(f"{column}: {self.name}", self.ok, self.detail)


def outcomes(family: Family, values: Values, step: Decimal) -> tuple[Outcome, ...]:
    """Every identity of a family applied to one column."""
    ledger = _Ledger(values, step)
    if family is Family.BANK:
        return (*_bank(ledger), *_owners_bank(ledger))
    if family is Family.INSURER:
        return _insurer(ledger)
    return (*_general(ledger), *_owners(ledger))


@dataclass(frozen=True, slots=True)
class _Ledger:
    values: Values
    step: Decimal

    def get(self, item: Item) -> Decimal | None:
        return self.values.get(item)

    def opt(self, item: Item) -> Decimal:
        """A line a statement may leave out or print as a dash: nothing added."""
        return self.values.get(item) or _ZERO

    def same(
        self, name: str, left: Item, terms: Iterable[tuple[int, Item]], extra: int = 0
    ) -> Outcome:
        """``left`` equals the signed sum of required terms."""
        pairs = tuple(terms)
        missing = [i for i in (left, *(i for _, i in pairs)) if self.get(i) is None]
        allowed = self.step * (len(pairs) + 1 + extra) / 2
        if missing:
            names = ", ".join(missing)
            return Outcome(name, None, allowed, f"cannot be checked without {names}")
        total = sum((sign * self.opt(item) for sign, item in pairs), _ZERO)
        printed = self.opt(left)
        detail = f"{left} {printed:f}, computed {total:f}"
        return Outcome(name, printed - total, allowed, detail)


def _bank(ledger: _Ledger) -> tuple[Outcome, ...]:
    profit = ledger.same(
        "profit before tax = operating profit − provisions ± exceptional items",
        Item.PROFIT_BEFORE_TAX,
        ((1, Item.OPERATING_PROFIT), (-1, Item.PROVISIONS)),
        extra=1,
    )
    return (
        ledger.same(
            "total income = interest earned + other income",
            Item.TOTAL_INCOME,
            ((1, Item.INTEREST_EARNED), (1, Item.OTHER_INCOME)),
        ),
        ledger.same(
            "expenditure = interest expended + operating expenses",
            Item.TOTAL_EXPENSES,
            ((1, Item.INTEREST_EXPENDED), (1, Item.OPERATING_EXPENSES)),
        ),
        ledger.same(
            "operating profit = total income − expenditure",
            Item.OPERATING_PROFIT,
            ((1, Item.TOTAL_INCOME), (-1, Item.TOTAL_EXPENSES)),
        ),
        _nearest(profit, (_ZERO, *_signed(ledger.opt(Item.EXCEPTIONAL)))),
        _after_tax(ledger, ()),
    )


def _insurer(ledger: _Ledger) -> tuple[Outcome, ...]:
    # The revenue account has its own layout per insurer; the profit and loss account
    # is what every insurer files alike.
    return (_after_tax(ledger, ()),)


def _general(ledger: _Ledger) -> tuple[Outcome, ...]:
    income = ledger.same(
        "total income = revenue + other income",
        Item.TOTAL_INCOME,
        ((1, Item.REVENUE), (1, Item.OTHER_INCOME)),
    )
    if income.off is None and ledger.get(Item.OTHER_INCOME) is None:
        income = ledger.same(
            "total income = revenue", Item.TOTAL_INCOME, ((1, Item.REVENUE),)
        )
    before = ledger.same(
        "profit before tax = income − expenses ± exceptional items and associates",
        Item.PROFIT_BEFORE_TAX,
        ((1, Item.TOTAL_INCOME), (-1, Item.TOTAL_EXPENSES)),
        extra=1,
    )
    early = (Item.SHARE_OF_ASSOCIATES, Item.REGULATORY_DEFERRAL)
    used, before = _explain(ledger, before, early)
    late = [Item.DISCONTINUED, *(item for item in early if item not in used)]
    return (income, before, _after_tax(ledger, tuple(late)))


def _explain(
    ledger: _Ledger, outcome: Outcome, optional: tuple[Item, ...]
) -> tuple[tuple[Item, ...], Outcome]:
    """The adjustments before tax that make the identity hold best."""
    if outcome.off is None:
        return (), outcome
    exceptional = ledger.opt(Item.EXCEPTIONAL)
    best: tuple[tuple[Item, ...], Outcome] = ((), outcome)
    nonzero = tuple(item for item in optional if ledger.opt(item))
    # A loss filed as a positive exceptional item is common: either sign may hold,
    # but an exceptional item is never left out.
    for sign, *chosen in product((1, -1), *((False, True) for _ in nonzero)):
        taken = tuple(i for i, yes in zip(nonzero, chosen, strict=True) if yes)
        shift = sign * exceptional + sum((ledger.opt(i) for i in taken), _ZERO)
        tried = _shifted(outcome, shift)
        first = sign == 1 and not taken
        if first or abs(tried.off or _ZERO) < abs(best[1].off or _ZERO):
            best = (taken, tried)
    return best


def _after_tax(ledger: _Ledger, optional: tuple[Item, ...]) -> Outcome:
    nonzero = tuple(item for item in optional if ledger.opt(item))
    outcome = ledger.same(
        "net profit = profit before tax − tax",
        Item.NET_PROFIT,
        ((1, Item.PROFIT_BEFORE_TAX), (-1, Item.TAX)),
        extra=len(nonzero),
    )
    sums = [
        sum(
            (ledger.opt(i) for i, yes in zip(nonzero, chosen, strict=True) if yes),
            _ZERO,
        )
        for chosen in product((True, False), repeat=len(nonzero))
    ]
    return _nearest(outcome, sums)


def _owners(ledger: _Ledger) -> tuple[Outcome, ...]:
    owners, minority = Item.NET_PROFIT_OWNERS, Item.NET_PROFIT_MINORITY
    if not ledger.opt(owners) and not ledger.opt(minority):
        return ()
    if ledger.get(owners) is None or ledger.get(minority) is None:
        return ()
    return (
        ledger.same(
            "net profit = owners + minority",
            Item.NET_PROFIT,
            ((1, owners), (1, minority)),
        ),
    )


def _owners_bank(ledger: _Ledger) -> tuple[Outcome, ...]:
    if not ledger.opt(Item.NET_PROFIT_OWNERS):
        return ()
    outcome = ledger.same(
        "owners' profit = net profit + associates − minority",
        Item.NET_PROFIT_OWNERS,
        ((1, Item.NET_PROFIT),),
        extra=2,
    )
    minority = ledger.opt(Item.NET_PROFIT_MINORITY)
    share = ledger.opt(Item.SHARE_OF_ASSOCIATES)
    return (_nearest(outcome, (share - minority, share + minority, -minority)),)


def _signed(value: Decimal) -> tuple[Decimal, ...]:
    return (value, -value)


def _shifted(outcome: Outcome, shift: Decimal) -> Outcome:
    if outcome.off is None or not shift:
        return outcome
    detail = f"{outcome.detail} {'+' if shift > 0 else '−'} {abs(shift):f}"
    off = outcome.off - shift
    return Outcome(outcome.name, off, outcome.allowed, detail, outcome.needed)


def _nearest(outcome: Outcome, shifts: Iterable[Decimal]) -> Outcome:
    if outcome.off is None:
        return outcome
    tried = [_shifted(outcome, shift) for shift in shifts] or [outcome]
    return min(tried, key=lambda one: abs(one.off or _ZERO))


def earnings_per_share(values: Values, rupees: Decimal) -> tuple[Outcome, ...]:
    """EPS against profit: sign, basic against diluted, and the number of shares.

    ``rupees`` is what one unit of the amounts is worth. Missing EPS beside a nonzero
    profit fails: it is the line most often lost.
    """
    profit = values.get(Item.NET_PROFIT_OWNERS) or values.get(Item.NET_PROFIT)
    basic, diluted = values.get(Item.EPS_BASIC), values.get(Item.EPS_DILUTED)
    if profit is None:
        return ()
    results = [_eps_sign(profit, basic, diluted)]
    if basic is not None and diluted is not None:
        results.append(_eps_order(basic, diluted))
    shares = _shares(values, rupees)
    if shares and basic and profit:
        results.append(_eps_shares(profit * rupees, basic, shares))
    return tuple(results)


def _eps_sign(
    profit: Decimal, basic: Decimal | None, diluted: Decimal | None
) -> Outcome:
    name = "EPS is there and has the sign of the profit"
    both = [value for value in (basic, diluted) if value is not None]
    detail = f"profit {profit:f}, basic {basic}, diluted {diluted}"
    if profit and not both:
        return Outcome(name, None, _ZERO, f"EPS is missing beside profit {profit:f}")
    wrong = any(value and (value > 0) != (profit > 0) for value in both)
    return Outcome(name, Decimal(int(wrong)), _ZERO, detail)


def _eps_order(basic: Decimal, diluted: Decimal) -> Outcome:
    name = "diluted EPS does not exceed basic"
    excess = max(_ZERO, diluted - basic) if basic >= 0 else _ZERO
    return Outcome(name, excess, _EPS_STEP, f"basic {basic}, diluted {diluted}")


def _shares(values: Values, rupees: Decimal) -> Decimal | None:
    paid, face = values.get(Item.PAID_UP_CAPITAL), values.get(Item.FACE_VALUE)
    return paid * rupees / face if paid and face else None


def _eps_shares(profit: Decimal, basic: Decimal, shares: Decimal) -> Outcome:
    name = "EPS × shares is about the profit"
    # A printed EPS of 0.01 may be anything from 0.005 to 0.015.
    lows, highs = abs(basic) - _EPS_STEP / 2, abs(basic) + _EPS_STEP / 2
    fair = abs(profit) / shares
    ok = lows * _SHARES_LOW <= fair <= highs * _SHARES_HIGH
    detail = f"EPS {basic}, profit per share {fair:.2f}"
    return Outcome(name, Decimal(int(not ok)), _ZERO, detail)
