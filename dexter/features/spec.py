"""What one feature is, and what every category module is handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dexter.domain.evidence import Measure
from dexter.domain.filing import Basis
from dexter.domain.period import Quarter
from dexter.domain.results import QuarterFigures
from dexter.features.bars import Bars, Closes
from dexter.features.earnings import EarningsMeasures

Values = dict[str, float | str]
"""A feature's value by name, or the reason it is null."""


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature of the catalogue.

    ``model_input`` marks what the model reads: scale-free quantities. The others are
    shown to people (a moving average in rupees says nothing across companies).
    """

    name: str
    unit: Measure
    category: str
    about: str
    model_input: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """Everything visible at the publication of one results event.

    ``bars`` is null with ``bars_reason``; ``figures`` are of ``basis`` only.
    """

    published_at: datetime
    quarter: Quarter
    basis: Basis
    bars: Bars | None
    bars_reason: str
    market: Closes | None
    vix: Closes | None
    figures: Sequence[QuarterFigures]
    measures: EarningsMeasures
