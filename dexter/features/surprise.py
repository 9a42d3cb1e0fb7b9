"""Category ``earnings``: the quarter against the company's own history."""

from dataclasses import replace

from dexter.domain.evidence import Measure
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.earnings import YEAR, measure
from dexter.features.financial import measured, share_factor
from dexter.features.spec import FeatureSpec, Known, Values


def _spec(name: str, unit: Measure, about: str) -> FeatureSpec:
    return FeatureSpec(name, unit, "earnings", about)


SPECS = (
    _spec("sue", Measure.DEVIATIONS, "Profit surprise: seasonal random walk"),
    _spec("sur", Measure.DEVIATIONS, "Revenue surprise, measured as sue is"),
    _spec("sue_before", Measure.DEVIATIONS, "Profit surprise of the quarter before"),
    _spec(
        "profit_change_to_revenue",
        Measure.RATIO,
        "Profit change on the year over year-ago revenue; defined for losses too",
    ),
    _spec(
        "eps_change_to_price",
        Measure.RATIO,
        "EPS change on the year over the close, both on today's share count",
    ),
    _spec(
        "profit_acceleration",
        Measure.POINTS,
        "Profit growth minus the profit growth of the quarter before",
    ),
)


def compute(known: Known) -> Values:
    """Every earnings feature, or why it is null."""
    before = measure(known.figures, known.quarter.previous, known.basis)
    values: Values = {
        "sue": measured(known.measures, "sue"),
        "sur": _revenue_surprise(known),
        "sue_before": measured(before, "sue"),
        "profit_change_to_revenue": _profit_change(known),
        "eps_change_to_price": _eps_change(known),
    }
    now, then = measured(known.measures, "profit_yoy"), measured(before, "profit_yoy")
    if isinstance(now, str) or isinstance(then, str):
        values["profit_acceleration"] = now if isinstance(now, str) else then
    else:
        values["profit_acceleration"] = now - then
    return values


def _revenue_surprise(known: Known) -> float | str:
    """``sue`` with revenue standing where profit stands."""
    series = [replace(item, net_profit=item.revenue) for item in known.figures]
    result = measured(measure(series, known.quarter, known.basis), "sue")
    return (
        result.replace("net profit", "revenue") if isinstance(result, str) else result
    )


def _at(known: Known, quarter: Quarter) -> QuarterFigures | None:
    return next((f for f in reversed(known.figures) if f.quarter == quarter), None)


def _profit_change(known: Known) -> float | str:
    now = _at(known, known.quarter)
    then = _at(known, known.quarter.shift(-YEAR))
    if now is None or now.net_profit is None:
        return f"net profit of {known.quarter} is not known"
    if then is None or then.net_profit is None or not then.revenue:
        return f"figures of {known.quarter.year_ago} are not known"
    return float((now.net_profit - then.net_profit) / abs(then.revenue))


def _eps_change(known: Known) -> float | str:
    now = _at(known, known.quarter)
    then = _at(known, known.quarter.shift(-YEAR))
    if known.bars is None:
        return known.bars_reason
    if now is None or now.eps is None or then is None or then.eps is None:
        return f"EPS of {known.quarter} or {known.quarter.year_ago} is not known"
    eps = [float(item.eps or 0) * share_factor(known, item) for item in (now, then)]
    return (eps[0] - eps[1]) / float(known.bars.close[-1])
