"""Category ``financial``: margins, growth and what the price pays for them."""

from bisect import bisect_right
from decimal import Decimal

from dexter.domain.evidence import Measure
from dexter.domain.moment import IST
from dexter.domain.results import QuarterFigures
from dexter.features.earnings import EarningsMeasures
from dexter.features.spec import FeatureSpec, Known, Values

_QUARTERS_IN_YEAR = 4
_NO_BALANCE_SHEET = "quarterly figures carry no balance sheet"


def _spec(
    name: str, unit: Measure, about: str, *, model_input: bool = True
) -> FeatureSpec:
    return FeatureSpec(name, unit, "financial", about, model_input)


SPECS = (
    _spec("net_margin", Measure.FRACTION, "Net profit over revenue"),
    _spec(
        "net_margin_change", Measure.POINTS, "Net margin minus that of a year before"
    ),
    _spec("revenue_yoy", Measure.CHANGE, "Revenue against the same quarter a year ago"),
    _spec("profit_yoy", Measure.CHANGE, "Net profit against the year-ago quarter"),
    _spec("eps_yoy", Measure.CHANGE, "EPS against the year-ago quarter"),
    _spec(
        "pe_ttm",
        Measure.RATIO,
        "Close over four quarters' EPS (adjusted for splits)",
        model_input=False,
    ),
    _spec("earnings_yield_ttm", Measure.RATIO, "Four quarters' EPS over the close"),
    _spec("pb", Measure.RATIO, "Price over book value", model_input=False),
    _spec("roe_ttm", Measure.FRACTION, "Return on equity", model_input=False),
    _spec("debt_to_equity", Measure.RATIO, "Debt over equity", model_input=False),
)

_MEASURED = ("net_margin", "net_margin_change", "revenue_yoy", "profit_yoy", "eps_yoy")


def compute(known: Known) -> Values:
    """Every financial feature, or why it is null."""
    values: Values = {name: measured(known.measures, name) for name in _MEASURED}
    values |= dict.fromkeys(("pb", "roe_ttm", "debt_to_equity"), _NO_BALANCE_SHEET)
    total = trailing_eps(known)
    if isinstance(total, str) or known.bars is None:
        reason = total if isinstance(total, str) else known.bars_reason
        return values | {"pe_ttm": reason, "earnings_yield_ttm": reason}
    close = float(known.bars.close[-1])
    values["earnings_yield_ttm"] = total / close
    values["pe_ttm"] = close / total if total > 0 else "four quarters' EPS is no profit"
    return values


def measured(measures: EarningsMeasures, name: str) -> float | str:
    """One earnings measure as a float, or its reason."""
    value: Decimal | None = getattr(measures, name)
    return measures.reasons[name] if value is None else float(value)


def trailing_eps(known: Known) -> float | str:
    """EPS of the last four quarters in rupees, on today's share count, or why not."""
    total = 0.0
    by_quarter = {item.quarter: item for item in known.figures}
    for back in range(_QUARTERS_IN_YEAR):
        quarter = known.quarter.shift(-back)
        item = by_quarter.get(quarter)
        if item is None or item.eps is None:
            return f"EPS of {quarter} is not known"
        total += float(item.eps) * share_factor(known, item)
    return total


def share_factor(known: Known, item: QuarterFigures) -> float:
    """The split and bonus factor from when figures were published to the last bar.

    Figures older than the bars at hand take the oldest factor known.
    """
    if known.bars is None or item.known_at is None:
        return 1.0
    day = item.known_at.astimezone(IST).date()
    at = bisect_right(known.bars.sessions, day) - 1
    return float(known.bars.factor[max(at, 0)])
