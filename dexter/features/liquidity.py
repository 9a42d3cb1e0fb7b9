"""Category ``liquidity``: how deep, how steady and how real the trading is."""

from dataclasses import replace
from functools import partial

import numpy as np

from dexter.domain.evidence import Measure
from dexter.features import limits
from dexter.features.bars import DELIVERY_TOLD_AT
from dexter.features.columns import Array, Column, ratio
from dexter.features.known import Known
from dexter.features.moments import at_minute
from dexter.features.priced import Absences, columns, priced
from dexter.features.spec import Category
from dexter.features.windows import View, before

_of = partial(priced, Category.LIQUIDITY)
_RATIO = Measure.RATIO
_NOTHING = "nothing was traded"
_UNTOLD = "fewer than 10 of the 20 sessions tell"
_TOLD = 10
_CRORE = 1e7

FEATURES = (
    _of(
        "log_price",
        _RATIO,
        "log10 of the price as traded, rupees",
        "log10(raw close[t])",
        1,
    ),
    *(
        _of(
            f"log_turnover_{n}",
            _RATIO,
            f"log10 of the median daily turnover in rupees, {n} sessions",
            f"log10(median(turnover, {n}))",
            n,
            ("turnover",),
            absent=_NOTHING,
        )
        for n in (20, 60)
    ),
    _of(
        "turnover_surge",
        _RATIO,
        "Mean turnover of the last 5 sessions over that of the last 60",
        "mean(turnover, 5) / mean(turnover, 60)",
        60,
        ("turnover",),
        absent=_NOTHING,
    ),
    _of(
        "turnover_trend",
        _RATIO,
        "Mean turnover of the last 20 sessions over that of the last 60",
        "mean(turnover, 20) / mean(turnover, 60)",
        60,
        ("turnover",),
        absent=_NOTHING,
    ),
    _of(
        "turnover_burst_20",
        _RATIO,
        "Mean over median turnover of 20 sessions: large where few days made it",
        "mean(turnover, 20) / median(turnover, 20)",
        20,
        ("turnover",),
        absent=_NOTHING,
    ),
    _of(
        "volume_surge",
        _RATIO,
        "Volume of the last session over the mean of the 50 before it",
        "volume[t] / mean(volume[-1], 50)",
        51,
        ("volume",),
        absent=_NOTHING,
    ),
    _of(
        "amihud_20",
        _RATIO,
        "Illiquidity: mean move per crore of turnover, 20 sessions",
        "mean of |close / close[-1] - 1| / (turnover / 1e7), sessions with turnover",
        21,
        ("close", "turnover"),
        absent=_NOTHING,
        source="Amihud, 2002",
    ),
    _of(
        "zero_volume_share_60",
        Measure.FRACTION,
        "Share of 60 sessions without a trade",
        "mean(volume = 0, 60)",
        60,
        ("volume",),
    ),
    _of(
        "span_days_60",
        Measure.COUNT,
        "Calendar days the last 60 bars span; more than about 87 means missed sessions",
        "day[t] - day[t-59]",
        60,
        ("day",),
    ),
    _of(
        "delivery_share_20",
        Measure.FRACTION,
        "Share of the volume that was delivered, 20 sessions",
        "sum(delivered) / sum(volume), shares adjusted, over the last 20 sessions of "
        "which the evening files are out (20:00), those left out that do not tell",
        21,
        ("delivered", "volume"),
        absent=_UNTOLD,
    ),
    _of(
        "delivery_share_change",
        Measure.POINTS,
        "Delivered share of 20 sessions minus that of the 20 before",
        "delivery_share_20 - the same 20 sessions before",
        41,
        ("delivered", "volume"),
        absent=_UNTOLD,
    ),
    _of(
        "log_trade_size_20",
        _RATIO,
        "log10 of the rupees of an average trade, 20 sessions",
        "log10(sum(turnover) / sum(trades)) over the last 20 sessions that tell",
        20,
        ("turnover", "trades"),
        absent=f"{_UNTOLD}; {_NOTHING}",
    ),
)

SPECS = (*(one.spec for one in FEATURES), *limits.SPECS)


def compute(known: Known) -> dict[str, Column]:
    """Every liquidity feature of every row, or why it is absent."""
    view = View.of(known)
    delivery, told = _delivery(_told_by_now(view, known))
    trades, counted = _trades(view)
    with np.errstate(divide="ignore", invalid="ignore"):
        traded = _turnover(view)
        values = {
            **traded,
            **delivery,
            **trades,
            "log_price": np.log10(view.back(view.bars.raw_close)),
            "zero_volume_share_60": _idle(view),
            "span_days_60": _span(view),
        }
    quiet = {name: ((~np.isfinite(v), _NOTHING),) for name, v in traded.items()}
    found = columns(known, FEATURES, values, {**quiet, **told, **counted})
    return found | limits.compute(known)


def _turnover(view: View) -> dict[str, Array]:
    bars = view.bars
    mean = {n: view.mean(bars.turnover, n) for n in (5, 20, 60)}
    median = view.median(bars.turnover, 20)
    moved = np.abs(bars.close / before(bars.close) - 1)
    crore = np.where(bars.turnover > 0, bars.turnover / _CRORE, np.nan)
    volume = view.mean(bars.volume, 50, skip=1)
    return {
        "log_turnover_20": np.log10(median),
        "log_turnover_60": np.log10(view.median(bars.turnover, 60)),
        "turnover_surge": ratio(mean[5], mean[60]),
        "turnover_trend": ratio(mean[20], mean[60]),
        "turnover_burst_20": ratio(mean[20], median),
        "volume_surge": ratio(view.back(bars.volume), volume),
        "amihud_20": view.mean(moved / crore, 20),
    }


def _idle(view: View) -> Array:
    return view.mean((view.bars.volume == 0).astype(np.float64), 60)


def _span(view: View) -> Array:
    day = view.bars.day.astype(np.float64)
    return view.back(day) - view.back(day, 59)


def _told_by_now(view: View, known: Known) -> View:
    """Each row's bars without the last where its evening files are not out."""
    if not len(known.bars):
        return view
    evening = at_minute(known.bars.day[known.last], DELIVERY_TOLD_AT)
    out = evening < known.asked.moment
    return replace(view, end=np.maximum(view.end - ~out, view.first))


def _delivery(view: View) -> tuple[dict[str, Array], dict[str, Absences]]:
    delivered = view.bars.delivered / view.bars.factor
    told = np.isfinite(delivered)
    volume = np.where(told, view.bars.volume, np.nan)
    share = [
        ratio(view.mean(delivered, 20, skip), view.mean(volume, 20, skip))
        for skip in (0, 20)
    ]
    few = [view.told(delivered, 20, skip) < _TOLD for skip in (0, 20)]
    values = {
        "delivery_share_20": share[0],
        "delivery_share_change": share[0] - share[1],
    }
    return values, {
        "delivery_share_20": ((few[0], _UNTOLD),),
        "delivery_share_change": ((few[0] | few[1], _UNTOLD),),
    }


def _trades(view: View) -> tuple[dict[str, Array], dict[str, Absences]]:
    trades = view.bars.trades
    turnover = np.where(np.isfinite(trades), view.bars.turnover, np.nan)
    size = ratio(view.mean(turnover, 20), view.mean(trades, 20))
    few = view.told(trades, 20) < _TOLD
    with np.errstate(divide="ignore", invalid="ignore"):
        values = {"log_trade_size_20": np.log10(size)}
    quiet = ~np.isfinite(values["log_trade_size_20"])
    return values, {"log_trade_size_20": ((few, _UNTOLD), (quiet, _NOTHING))}
