"""Financial and earnings features of one event in plain Decimal arithmetic.

Slow and written apart from the engine, which is held against it. A feature that cannot
be computed is null.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from math import log

from dexter.domain.filing import Basis, Grade
from dexter.domain.moment import IST
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures

Value = Decimal | None
ZERO, ONE = Decimal(0), Decimal(1)
LOOK_BACK = 400


@dataclass(frozen=True)
class Trading:
    """Bars of one company as lists, the first ``end`` visible; ``close`` is times
    ``factor``, ``move`` NaN where the base is not the session's own.
    """

    day: list[int]
    known_at: list[datetime]
    close: list[float]
    raw_close: list[float]
    factor: list[float]
    move: list[float]
    band: list[float]
    end: int

    @property
    def start(self) -> int:
        """The first bar looked back on."""
        return max(0, self.end - LOOK_BACK)


@dataclass(frozen=True)
class Event:
    """What was asked, every figure at hand, and the bars known before the moment."""

    figures: Sequence[QuarterFigures]
    quarter: Quarter
    basis: Basis
    moment: datetime
    trading: Trading | None


class Past:
    """The quarters of an event by how far back they lie."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.quarters: dict[int, QuarterFigures] = {}
        self.alike: dict[Value, list[QuarterFigures]] = {}
        for one in event.figures:
            self.alike.setdefault(one.net_profit, []).append(one)
        current = _running(event.quarter.end)
        for one in sorted(event.figures, key=_standing):
            seen = one.known_at is not None and one.known_at <= event.moment
            if one.basis is event.basis and seen and not self.repeats(one):
                back = current - _running(one.period_end)
                held = self.quarters.get(back)
                if held is None or _standing(one) > _standing(held):
                    self.quarters[back] = one

    def repeats(self, one: QuarterFigures) -> bool:
        """Whether a later quarter's figures stand here once more, misdated."""
        if one.revenue is None or not one.net_profit:
            return False
        return any(
            other.basis is one.basis
            and (other.revenue, other.eps) == (one.revenue, one.eps)
            and _running(other.period_end) > _running(one.period_end)
            and other.known_at is not None
            and one.known_at is not None
            and 0 <= (one.known_at - other.known_at).total_seconds() <= 86_400
            for other in self.alike[one.net_profit]
        )

    def get(self, name: str, back: int = 0) -> Value:
        one = self.quarters.get(back)
        value: Value = getattr(one, name) if one else None
        return value if value is not None and value.is_finite() else None

    def all(self, name: str, backs: range) -> list[Value]:
        return [self.get(name, back) for back in backs]

    def change(self, name: str, back: int) -> Value:
        now, before = self.get(name, back), self.get(name, back + 4)
        return None if now is None or before is None else now - before

    def owners(self, back: int) -> Value:
        mine = self.get("net_profit_owners", back)
        return self.get("net_profit", back) if mine is None else mine


def _running(end: date) -> int:
    return end.year * 4 + (end.month - 1) // 3


def _standing(one: QuarterFigures) -> tuple[bool, float]:
    return (
        one.grade is not Grade.IMPORTED,
        one.known_at.timestamp() if one.known_at else 0,
    )


def reference(event: Event) -> dict[str, Value]:
    """Every feature of the categories financial and earnings."""
    past = Past(event)
    return {
        **margins(past),
        **growth(past),
        **balance(past),
        **lending(past),
        **surprises(past),
        **sequence(past),
        **record(past),
        **priced(past),
        **reactions(past),
    }


def over(above: Value, below: Value) -> Value:
    return None if above is None or not below else above / below


def minus(left: Value, right: Value) -> Value:
    return None if left is None or right is None else left - right


def plus(*parts: Value) -> Value:
    return None if None in parts else sum((p for p in parts if p is not None), ZERO)


def positive(value: Value) -> Value:
    return value if value is not None and value > 0 else None


def deviation(values: Sequence[Decimal]) -> Decimal:
    mean = sum(values, ZERO) / len(values)
    return (sum(((v - mean) ** 2 for v in values), ZERO) / (len(values) - 1)).sqrt()


def margins(past: Past) -> dict[str, Value]:
    get = past.get

    def net(back: int) -> Value:
        return over(get("net_profit", back), positive(get("revenue", back)))

    def operating(back: int) -> Value:
        core = get("profit_before_exceptional", back)
        if core is None:
            core = minus(get("profit_before_tax", back), get("exceptional", back))
        core = plus(core, get("finance_costs", back), get("depreciation", back))
        core = minus(core, get("other_income", back))
        return over(core, positive(get("revenue", back)))

    def tax(back: int) -> Value:
        return over(get("tax", back), positive(get("profit_before_tax", back)))

    before_tax = positive(get("profit_before_tax"))
    odd = exceptional(past)
    cost = positive(get("finance_costs"))
    revenue = positive(get("revenue"))
    return {
        "net_margin": net(0),
        "net_margin_change": minus(net(0), net(4)),
        "operating_margin": operating(0),
        "operating_margin_change": minus(operating(0), operating(4)),
        "quality": over(plus(get("other_income"), odd), before_tax),
        "other_income_share": over(get("other_income"), before_tax),
        "exceptional_share": over(odd, before_tax),
        "tax_rate": tax(0),
        "tax_rate_change": minus(tax(0), tax(4)),
        "interest_cover": over(plus(get("profit_before_tax"), cost), cost),
        "depreciation_to_revenue": over(get("depreciation"), revenue),
        "employee_cost_to_revenue": over(get("employee_cost"), revenue),
    }


def exceptional(past: Past) -> Value:
    filed = past.get("exceptional")
    step = minus(past.get("profit_before_tax"), past.get("profit_before_exceptional"))
    if not filed or step is None:
        return filed
    as_gain, as_loss = abs(step - filed), abs(step + filed)
    if min(as_gain, as_loss) * 10 > abs(filed):
        return None
    return filed if as_gain <= as_loss else -filed


def growth(past: Past) -> dict[str, Value]:
    return {
        "revenue_yoy": revenue_growth(past, 0, 4),
        "profit_yoy": profit_growth(past, 0, 4),
        "eps_yoy": eps_growth(past),
        "revenue_qoq": revenue_growth(past, 0, 1),
        "profit_qoq": profit_growth(past, 0, 1),
    }


def revenue_growth(past: Past, back: int, apart: int) -> Value:
    base = positive(past.get("revenue", back + apart))
    return over(minus(past.get("revenue", back), base), base)


def profit_growth(past: Past, back: int, apart: int) -> Value:
    base = positive(past.get("net_profit", back + apart))
    revenue = past.get("revenue", back + apart)
    if base is None or revenue is None or base * 100 <= revenue:
        return None
    return over(minus(past.get("net_profit", back), base), base)


def eps_growth(past: Past) -> Value:
    now, before = past.get("eps"), positive(past.get("eps", 4))
    profit, earlier = past.get("net_profit"), past.get("net_profit", 4)
    if profit_growth(past, 0, 4) is None or now is None or before is None:
        return None
    assert profit is not None
    assert earlier is not None
    if min(abs(now), before) >= Decimal("0.10") and profit:
        moved = (profit / now) / (earlier / before)
        if not ONE / Decimal("1.3") <= moved <= Decimal("1.3"):
            return None
    return (now - before) / before


def newest(values: Sequence[Value]) -> Value:
    return next((v for v in values if v is not None), None)


def own_equity(past: Past, back: int) -> Value:
    equity = past.get("equity", back)
    if equity is None:
        return plus(past.get("share_capital", back), past.get("reserves", back))
    return equity - (past.get("minority_equity", back) or ZERO)


def whole_equity(past: Past, back: int) -> Value:
    equity = past.get("equity", back)
    own = own_equity(past, back)
    minority = past.get("minority_equity", back) or ZERO
    return equity if equity is not None else plus(own, minority)


def balance(past: Past) -> dict[str, Value]:
    four = range(4)
    own = positive(newest([own_equity(past, back) for back in four]))
    assets = newest(past.all("total_assets", four))
    debt = equity = against = beside = None
    for back in reversed(four):
        whole = whole_equity(past, back)
        if whole is None:
            continue
        if past.get("borrowings", back) is not None:
            debt, against = past.get("borrowings", back), whole
        if past.get("total_assets", back) is not None:
            equity, beside = whole, past.get("total_assets", back)
    return {
        "roe_ttm": over(plus(*(past.owners(back) for back in four)), own),
        "roa": over(plus(*past.all("net_profit", four)), assets),
        "debt_to_equity": over(debt, positive(against)),
        "equity_to_assets": over(equity, beside),
        "log_revenue_ttm": logarithm(plus(*past.all("revenue", four))),
    }


def logarithm(value: Value) -> Value:
    return Decimal(log(value)) if value is not None and value > 0 else None


def lending(past: Past) -> dict[str, Value]:
    get = past.get
    kept = minus(get("interest_earned"), get("interest_expended"))
    net = positive(minus(get("total_income"), get("interest_expended")))
    operating = get("operating_profit")
    bad = get("gross_npa_ratio")
    return {
        "gross_npa_ratio": bad,
        "net_npa_ratio": get("net_npa_ratio"),
        "gross_npa_change": minus(bad, get("gross_npa_ratio", 4)),
        "net_interest_share": over(kept, positive(get("total_income"))),
        "cost_to_income": minus(ONE, over(operating, net)),
        "provisions_share": over(get("provisions"), positive(operating)),
        "cet1_ratio": get("cet1_ratio"),
    }


def surprise(past: Past, name: str, back: int) -> Value:
    changes = [past.change(name, back + step) for step in range(1, 9)]
    known = [c for c in changes if c is not None]
    if past.change(name, back) is None or len(known) < 6:
        return None
    return over(past.change(name, back), deviation(known))


def surprises(past: Past) -> dict[str, Value]:
    sues = [surprise(past, "net_profit", back) for back in range(4)]
    known = [s for s in sues if s is not None]
    sold = past.get("revenue", 4)
    return {
        "sue": sues[0],
        "sur": surprise(past, "revenue", 0),
        "sue_before": sues[1],
        "sue_mean_4": sum(known, ZERO) / len(known) if len(known) >= 3 else None,
        "profit_change_to_revenue": over(
            past.change("net_profit", 0), None if sold is None else abs(sold)
        ),
        "profit_acceleration": minus(
            profit_growth(past, 0, 4), profit_growth(past, 1, 4)
        ),
        "revenue_acceleration": minus(
            revenue_growth(past, 0, 4), revenue_growth(past, 1, 4)
        ),
    }


def sequence(past: Past) -> dict[str, Value]:
    def margin(back: int) -> Value:
        return over(past.get("net_profit", back), positive(past.get("revenue", back)))

    def before(name: str) -> list[Decimal]:
        """What is known of the twelve quarters before, if of three or more."""
        known = [v for v in past.all(name, range(1, 13)) if v is not None]
        return known if len(known) >= 3 else []

    def rank(name: str) -> Value:
        now, earlier = past.get(name), before(name)
        if now is None or not earlier:
            return None
        return Decimal(sum(value < now for value in earlier)) / len(earlier)

    profits, score = before("net_profit"), None
    if profits:
        mean = sum(profits, ZERO) / len(profits)
        square = sum(((p - mean) ** 2 for p in profits), ZERO) / len(profits)
        if square.sqrt() > abs(mean) * Decimal("1e-9"):
            score = over(minus(past.get("net_profit"), mean), square.sqrt())
    return {
        "net_margin_qoq": minus(margin(0), margin(1)),
        "profit_z_12": score,
        "profit_rank_12": rank("net_profit"),
        "revenue_rank_12": rank("revenue"),
    }


def record(past: Past) -> dict[str, Value]:
    now, then = past.get("net_profit"), past.get("net_profit", 4)
    last = past.get("net_profit", 1)
    changes = [past.change("net_profit", back) for back in range(9)]
    earlier = [c for c in changes[1:] if c is not None]
    streak = 0
    for change in changes[:8]:
        if change is None or change <= 0:
            break
        streak += 1
    growths = [revenue_growth(past, back, 4) for back in range(8)]
    rates = [g for g in growths if g is not None]
    profits = [p for p in past.all("net_profit", range(8)) if p is not None]
    current = past.quarters.get(0)
    late = None
    if current and current.known_at and current.published_at:
        waited = (current.known_at - current.published_at).total_seconds()
        late = max(ZERO, Decimal(repr(waited)) / 3600)
    told = sum(p is not None for p in past.all("net_profit", range(14)))
    pair = now is not None and then is not None
    return {
        "turnaround": Decimal(now > 0 >= then)
        if now is not None and then is not None
        else None,
        "loss": Decimal(now < 0) if now is not None else None,
        "loss_before": Decimal(last < 0) if last is not None else None,
        "growth_streak": Decimal(streak) if pair else None,
        "beat_share_8": (
            Decimal(sum(c > 0 for c in earlier)) / len(earlier)
            if len(earlier) >= 6
            else None
        ),
        "revenue_volatility": deviation(rates) if len(rates) >= 6 else None,
        "profit_stability": (
            over(sum(profits, ZERO) / len(profits), deviation(profits))
            if len(profits) >= 6
            else None
        ),
        "years_of_history": Decimal(told) / 4,
        "late_figures": late,
    }


def split(past: Past, back: int) -> Decimal:
    """The splits between a quarter's publication and the last bar."""
    trading, one = past.event.trading, past.quarters.get(back)
    assert trading is not None
    if one is None or one.known_at is None:
        return ONE
    day = one.known_at.astimezone(IST).date().toordinal() - 719_163
    row = max(bisect_right(trading.day, day, hi=trading.end) - 1, trading.start)
    return Decimal(trading.factor[row]) / Decimal(trading.factor[trading.end - 1])


def priced(past: Past) -> dict[str, Value]:
    names = (
        *("pe_ttm", "earnings_yield_ttm", "log_market_cap", "price_to_sales_ttm"),
        *("profit_to_market_cap", "pb", "profit_change_to_market_cap"),
        *("eps_change_to_price", "profit_qoq_to_market_cap", "eps_to_price"),
    )
    if past.event.trading is None:
        return dict.fromkeys(names)
    trading = past.event.trading
    close = Decimal(trading.raw_close[trading.end - 1])
    eps = [
        None if e is None else e * split(past, back)
        for back, e in enumerate(past.all("eps", range(5)))
    ]
    total = plus(*eps[:4])
    value = market_cap(past, close, eps)
    own = positive(newest([own_equity(past, back) for back in range(4)]))
    sales = positive(plus(*past.all("revenue", range(4))))
    return {
        "pe_ttm": over(close, positive(total)),
        "earnings_yield_ttm": over(total, close),
        "log_market_cap": logarithm(value),
        "price_to_sales_ttm": over(value, sales),
        "profit_to_market_cap": over(past.get("net_profit"), value),
        "pb": over(value, own),
        "profit_change_to_market_cap": over(past.change("net_profit", 0), value),
        "eps_change_to_price": over(minus(eps[0], eps[4]), close),
        "profit_qoq_to_market_cap": over(
            minus(past.get("net_profit"), past.get("net_profit", 1)), value
        ),
        "eps_to_price": over(eps[0], close),
    }


def market_cap(past: Past, close: Decimal, eps: Sequence[Value]) -> Value:
    shares = []
    for back in range(4):
        printed, adjusted, profit = past.get("eps", back), eps[back], past.owners(back)
        if printed is None or abs(printed) < Decimal("0.1"):
            continue
        implied = over(profit, adjusted)
        if implied is not None and implied > 0:
            shares.append(implied)
    if not shares:
        return None
    if len(shares) > 1 and max(shares[0] / shares[1], shares[1] / shares[0]) > 5:
        return None
    return close * shares[0]


def reactions(past: Past) -> dict[str, Value]:
    windows = [_window(past, back) for back in range(1, 5)]
    changes = [w[0] for w in windows if w is not None]
    circuits = [w[1] for w in windows if w is not None and w[1] is not None]
    sizes = [abs(w[2]) for w in windows if w is not None]
    enough = len(changes) >= 2
    return {
        "reaction_last": windows[0][0] if windows[0] else None,
        "reaction_mean_4": sum(changes, ZERO) / len(changes) if enough else None,
        "reaction_positive_share_4": (
            Decimal(sum(c > 0 for c in changes)) / len(changes) if enough else None
        ),
        "past_circuits_4": Decimal(sum(circuits)) if len(circuits) >= 2 else None,
        "reaction_size_4": sum(sizes, ZERO) / len(sizes) if enough else None,
    }


def _window(past: Past, back: int) -> tuple[Decimal, bool | None, Decimal] | None:
    trading, one = past.event.trading, past.quarters.get(back)
    if trading is None or one is None or one.known_at is None:
        return None
    first = min(one.known_at, one.published_at or one.known_at)
    zero = bisect_left(trading.known_at, first, hi=trading.end)
    before, last = zero - 1, zero + 2
    if before < trading.start or last >= trading.end:
        return None
    day = first.astimezone(IST).date().toordinal() - 719_163
    if day - trading.day[before] > 15 or trading.day[last] - day > 15:
        return None
    if any(move != move for move in trading.move[zero : last + 1]):  # noqa: PLR0124 - NaN
        return None
    bands = trading.band[zero : last + 1]
    circuit: bool | None = any(b > 0 for b in bands)
    if not circuit and any(b != b for b in bands):  # noqa: PLR0124 - NaN
        circuit = None
    start = Decimal(trading.close[before])
    change, jump = (Decimal(trading.close[row]) / start - 1 for row in (last, zero))
    return change, circuit, jump
