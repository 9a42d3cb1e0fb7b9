"""The feature vector of one results event, as of its publication.

Training, backtest and prediction all come through ``build``. It cuts the inputs itself:
bars known strictly before publication, index files out by then, figures public by then.
Whatever lies later may be handed in and changes nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dexter.domain.alert import FeatureValue, FeatureVector
from dexter.domain.filing import Basis
from dexter.domain.market import IndexHistory, PriceHistory
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import Bars, visible_bars, visible_closes
from dexter.features.catalogue import COMPUTE, SPECS, catalogue_hash
from dexter.features.earnings import measure
from dexter.features.spec import Known, Values

MARKET_INDEX = "NIFTY_SMALLCAP_100"
"""Upper circuits are a matter of small companies, so their index is the market here."""

VOLATILITY_INDEX = "INDIA_VIX"

_CATALOGUE_HASH = catalogue_hash()


@dataclass(frozen=True, slots=True)
class EventInputs:
    """What features of one event are made from.

    ``figures`` should be read as of ``published_at``: a later revision in their place
    hides what was known then. ``market`` is the history of
    ``MARKET_INDEX``, ``vix`` that of ``VOLATILITY_INDEX``.
    """

    symbol: str
    published_at: datetime
    quarter: Quarter
    basis: Basis
    prices: PriceHistory | None
    market: IndexHistory | None
    vix: IndexHistory | None
    figures: Sequence[QuarterFigures]


def build(inputs: EventInputs) -> FeatureVector:
    """Every catalogued feature of one event; null features have their reasons."""
    known = see(inputs)
    values: Values = {}
    for compute in COMPUTE:
        values |= compute(known)
    features = {
        spec.name: _feature(values[spec.name], spec.unit, spec.category)
        for spec in SPECS
    }
    return FeatureVector(
        symbol=inputs.symbol,
        as_of=inputs.published_at,
        period_end=inputs.quarter.end,
        basis=inputs.basis,
        catalogue_hash=_CATALOGUE_HASH,
        features=features,
    )


def see(inputs: EventInputs) -> Known:
    """Cut the inputs to what was visible at publication, on one basis.

    Figures without a known publication time stay out: features claim to be as-of.
    """
    bars: Bars | str = "no prices at hand"
    if inputs.prices is not None:
        bars = visible_bars(inputs.prices, inputs.published_at)
    figures = [
        item
        for item in inputs.figures
        if item.basis is inputs.basis
        and item.known_at is not None
        and item.known_at <= inputs.published_at
    ]
    return Known(
        published_at=inputs.published_at,
        quarter=inputs.quarter,
        basis=inputs.basis,
        bars=None if isinstance(bars, str) else bars,
        bars_reason=bars if isinstance(bars, str) else "",
        market=visible_closes(inputs.market, inputs.published_at),
        vix=visible_closes(inputs.vix, inputs.published_at),
        figures=figures,
        measures=measure(figures, inputs.quarter, inputs.basis),
    )


def _feature(value: float | str, unit: str, category: str) -> FeatureValue:
    if isinstance(value, str):
        return FeatureValue(None, unit, category, value)
    if not math.isfinite(value):
        return FeatureValue(None, unit, category, "the prices at hand do not define it")
    return FeatureValue(value, unit, category)
