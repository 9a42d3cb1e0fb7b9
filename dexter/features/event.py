"""The feature vector of one results event, as of its publication.

Training, backtest and prediction all compute features by ``matrix.of_known``: one event
is a matrix of one row. Whatever lies later may be handed in and changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dexter.domain.alert import FeatureValue, FeatureVector
from dexter.domain.filing import Basis, Headline
from dexter.domain.market import IndexHistory, MarketHistory, PriceHistory
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import bars_of, series_of
from dexter.features.catalogue import SPECS, catalogue_hash
from dexter.features.figures import figures_of
from dexter.features.known import Asked, Known, Sources, see
from dexter.features.market_days import market_days_of
from dexter.features.matrix import of_known
from dexter.features.moments import moment_number, quarter_number, whole
from dexter.features.stories import stories_of

_CATALOGUE_HASH = catalogue_hash()


@dataclass(frozen=True, slots=True)
class EventInputs:
    """What features of one event are made from.

    ``figures`` should be read as of ``published_at``: a later revision in their place
    hides what was known then. ``indices`` go by name.
    """

    symbol: str
    published_at: datetime
    quarter: Quarter
    basis: Basis
    prices: PriceHistory | None
    indices: Mapping[str, IndexHistory]
    market: MarketHistory | None
    figures: Sequence[QuarterFigures]
    headlines: Sequence[Headline]


def build(inputs: EventInputs) -> FeatureVector:
    """Every catalogued feature of one event; null features have their reasons."""
    matrix = of_known(known_of(inputs))
    features: dict[str, FeatureValue] = {}
    for spec in SPECS:
        column = matrix.columns[spec.name]
        reason = column.reason(0)
        value = None if reason else float(column.values[0])
        features[spec.name] = FeatureValue(value, spec.unit, spec.category, reason)
    return FeatureVector(
        symbol=inputs.symbol,
        as_of=inputs.published_at,
        period_end=inputs.quarter.end,
        basis=inputs.basis,
        catalogue_hash=_CATALOGUE_HASH,
        features=features,
    )


def known_of(inputs: EventInputs) -> Known:
    """One event's inputs as columns of one row, cut to what was visible then."""
    sources = Sources(
        bars=bars_of([inputs.prices]),
        indices={name: series_of(one) for name, one in inputs.indices.items()},
        market=None if inputs.market is None else market_days_of(inputs.market),
        figures=figures_of([inputs.figures], inputs.basis),
        stories=stories_of([inputs.headlines]),
    )
    asked = Asked(
        company=whole([0]),
        moment=whole([moment_number(inputs.published_at)]),
        quarter=whole([quarter_number(inputs.quarter)]),
    )
    return see(sources, asked)
