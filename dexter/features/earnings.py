"""What a quarter's headline figures measure: surprise, growth, margin, quality.

One basis at a time, Decimal throughout, and every null has its reason. Definitions:

* ``sue`` = (E_q - E_{q-4}) / sd, where E is net profit and sd the sample standard
  deviation (n - 1) of the last eight values of E_t - E_{t-4} *before* q, at least six
  of them known. The current change is left out of its own yardstick.
* ``revenue_yoy``, ``profit_yoy``, ``eps_yoy`` = (x - y) / y against the same quarter a
  year before, only when y is positive and, for profit and EPS, that quarter's profit
  was above 1 % of its revenue. Otherwise the reason names what happened
  (``turnaround``, ``loss widening``, ``loss narrowing``, ``tiny base``).
* ``net_margin`` = net profit / revenue; ``net_margin_change`` against a year before.
* ``quality`` = (other income + exceptional) / profit before tax: the share of profit
  that did not come from operations, so a higher value is worse.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures

YARDSTICK_QUARTERS = 8
YARDSTICK_MINIMUM = 6
YEAR = 4
BASE_FLOOR = Decimal("0.01")
# Beyond this the implied number of shares changed: a split, bonus or large issue.
SHARE_COUNT_TOLERANCE = Decimal("1.3")
# Below this EPS, rounding to the paisa hides the implied share count.
SMALLEST_TELLING_EPS = Decimal("0.10")

MEASURES = (
    "sue",
    "revenue_yoy",
    "profit_yoy",
    "eps_yoy",
    "net_margin",
    "net_margin_change",
    "quality",
)

Outcome = tuple[Decimal, tuple[Quarter, ...]] | str
"""A value with the quarters it used, or the reason there is none."""


@dataclass(frozen=True, slots=True)
class EarningsMeasures:
    """What one quarter measured on one basis.

    ``sue`` is in standard deviations, growth and margins are per one, ``quality`` is
    a share of profit before tax (higher is worse). ``inputs`` says which quarters each
    known measure used, the current one first; ``reasons`` says why each null is null.
    """

    quarter: Quarter
    basis: Basis
    sue: Decimal | None
    revenue_yoy: Decimal | None
    profit_yoy: Decimal | None
    eps_yoy: Decimal | None
    net_margin: Decimal | None
    net_margin_change: Decimal | None
    quality: Decimal | None
    inputs: Mapping[str, tuple[Quarter, ...]]
    reasons: Mapping[str, str]


class _Series:
    """One basis of a company's quarters around the quarter being measured."""

    def __init__(
        self, figures: Sequence[QuarterFigures], quarter: Quarter, basis: Basis
    ) -> None:
        self.quarter = quarter
        # Keyed by a running number: 36,000 events need no Quarter objects here.
        self._by_quarter = {
            _index(item): item for item in figures if item.basis is basis
        }
        self._current = quarter.fiscal_year * YEAR + quarter.number - 1

    def at(self, back: int) -> QuarterFigures | None:
        """The figures ``back`` quarters before the measured one."""
        return self._by_quarter.get(self._current - back)

    def back(self, quarters: int) -> Quarter:
        """The quarter ``quarters`` before the measured one."""
        return self.quarter.shift(-quarters)

    def amount(self, name: str, back: int) -> Decimal | str:
        """One figure, or the reason it is not known."""
        item = self.at(back)
        if item is None:
            return f"no figures for {self.back(back)}"
        value: Decimal | None = getattr(item, name)
        if value is None or not value.is_finite():
            return f"{name.replace('_', ' ')} of {self.back(back)} is not known"
        return value


def measure(
    series: Sequence[QuarterFigures], quarter: Quarter, basis: Basis
) -> EarningsMeasures:
    """Measure one quarter against its own history.

    Args:
        series: The company's quarters, any order, possibly of both bases; only those
            of ``basis`` are used. Pass only what was known at the moment of interest.
            When a quarter appears twice the later entry counts.
        quarter: The quarter to measure.
        basis: The basis to measure on.

    Returns:
        Every measure, null with a reason where the series does not allow it.
    """
    known = _Series(series, quarter, basis)
    values: dict[str, Decimal | None] = {}
    inputs: dict[str, tuple[Quarter, ...]] = {}
    reasons: dict[str, str] = {}
    for name, rule in _RULES.items():
        outcome = rule(known)
        if isinstance(outcome, str):
            values[name], inputs[name], reasons[name] = None, (), outcome
        else:
            values[name], inputs[name] = outcome
    return EarningsMeasures(
        quarter=quarter, basis=basis, inputs=inputs, reasons=reasons, **values
    )


def _index(item: QuarterFigures) -> int:
    end = item.period_end
    return (end.year * 12 + end.month - 4) // 3 + YEAR


def _change(known: _Series, back: int) -> Decimal | str:
    """E_t - E_{t-4} for the quarter ``back`` before the measured one."""
    now = known.amount("net_profit", back)
    if isinstance(now, str):
        return now
    before = known.amount("net_profit", back + YEAR)
    return before if isinstance(before, str) else now - before


def _sue(known: _Series) -> Outcome:
    surprise = _change(known, 0)
    if isinstance(surprise, str):
        return surprise
    changes: list[Decimal] = []
    used = [0, YEAR]
    for back in range(1, YARDSTICK_QUARTERS + 1):
        change = _change(known, back)
        if isinstance(change, Decimal):
            changes.append(change)
            used += [back, back + YEAR]
    if len(changes) < YARDSTICK_MINIMUM:
        return (
            f"only {len(changes)} of the last {YARDSTICK_QUARTERS} year-on-year "
            f"changes are known, {YARDSTICK_MINIMUM} are needed"
        )
    deviation = _deviation(changes)
    if not deviation:
        return "past year-on-year changes are all equal"
    return surprise / deviation, tuple(known.back(b) for b in sorted(set(used)))


def _deviation(values: Sequence[Decimal]) -> Decimal:
    """Sample standard deviation (n - 1)."""
    mean = sum(values, Decimal(0)) / len(values)
    squares = sum(((value - mean) ** 2 for value in values), Decimal(0))
    return (squares / (len(values) - 1)).sqrt()


def _pair(known: _Series, name: str) -> tuple[Decimal, Decimal] | str:
    now = known.amount(name, 0)
    if isinstance(now, str):
        return now
    before = known.amount(name, YEAR)
    return before if isinstance(before, str) else (now, before)


def _grown(known: _Series, now: Decimal, before: Decimal) -> Outcome:
    return (now - before) / before, (known.quarter, known.back(YEAR))


def _revenue_yoy(known: _Series) -> Outcome:
    pair = _pair(known, "revenue")
    if isinstance(pair, str):
        return pair
    if pair[1] <= 0:
        return f"revenue of {known.back(YEAR)} was not positive"
    return _grown(known, *pair)


def _profit_yoy(known: _Series) -> Outcome:
    pair = _pair(known, "net_profit")
    if isinstance(pair, str):
        return pair
    return _base_problem(known, *pair) or _grown(known, *pair)


def _eps_yoy(known: _Series) -> Outcome:
    pair = _pair(known, "eps")
    if isinstance(pair, str):
        return pair
    profit = _pair(known, "net_profit")
    if isinstance(profit, str):
        return f"{profit}, so the EPS base cannot be judged"
    problem = _base_problem(known, *profit) or _sign_problem(*pair)
    if problem:
        return problem
    if shares_changed(pair, profit):
        return "share count changed (split, bonus or issue): EPS is not comparable"
    return _grown(known, *pair)


def _base_problem(known: _Series, now: Decimal, before: Decimal) -> str:
    """Why growth from ``before`` to ``now`` would mislead; empty when it would not."""
    problem = _sign_problem(now, before)
    if problem:
        return problem
    revenue = known.amount("revenue", YEAR)
    if isinstance(revenue, str):
        return f"{revenue}, so the base cannot be judged"
    if before <= BASE_FLOOR * revenue:
        return "tiny base: profit a year before was under 1 % of revenue"
    return ""


def _sign_problem(now: Decimal, before: Decimal) -> str:
    if before > 0:
        return ""
    if now > 0:
        return "turnaround: profit now, none a year before"
    if now < before:
        return "loss widening: a loss now, a smaller one a year before"
    return "loss narrowing: a loss now, no smaller one a year before"


def shares_changed(
    eps: tuple[Decimal, Decimal], profit: tuple[Decimal, Decimal]
) -> bool:
    """Whether profit / EPS, the implied number of shares, moved by more than 30 %.

    Args:
        eps: Now and before, rupees per share.
        profit: Now and before, rupees.
    """
    if min(abs(eps[0]), abs(eps[1])) < SMALLEST_TELLING_EPS or not profit[0]:
        return False
    ratio = (profit[0] / eps[0]) / (profit[1] / eps[1])
    return not 1 / SHARE_COUNT_TOLERANCE <= ratio <= SHARE_COUNT_TOLERANCE


def _margin_at(known: _Series, back: int) -> Decimal | str:
    profit = known.amount("net_profit", back)
    revenue = known.amount("revenue", back)
    if isinstance(profit, str):
        return profit
    if isinstance(revenue, str):
        return revenue
    if revenue <= 0:
        return f"revenue of {known.back(back)} was not positive"
    return profit / revenue


def _net_margin(known: _Series) -> Outcome:
    margin = _margin_at(known, 0)
    return margin if isinstance(margin, str) else (margin, (known.quarter,))


def _net_margin_change(known: _Series) -> Outcome:
    now, before = _margin_at(known, 0), _margin_at(known, YEAR)
    if isinstance(now, str):
        return now
    if isinstance(before, str):
        return before
    return now - before, (known.quarter, known.back(YEAR))


def _quality(known: _Series) -> Outcome:
    parts: list[Decimal] = []
    for name in ("other_income", "exceptional", "profit_before_tax"):
        value = known.amount(name, 0)
        if isinstance(value, str):
            return value
        parts.append(value)
    other, exceptional, before_tax = parts
    if before_tax <= 0:
        return "profit before tax was not positive"
    return (other + exceptional) / before_tax, (known.quarter,)


_RULES: dict[str, Callable[[_Series], Outcome]] = {
    "sue": _sue,
    "revenue_yoy": _revenue_yoy,
    "profit_yoy": _profit_yoy,
    "eps_yoy": _eps_yoy,
    "net_margin": _net_margin,
    "net_margin_change": _net_margin_change,
    "quality": _quality,
}
