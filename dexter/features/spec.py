"""What one feature is: its declaration in the catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dexter.domain.evidence import Measure
from dexter.features.columns import Column

Columns = Mapping[str, Column]
"""Features of ``n`` events by name."""


class Category(StrEnum):
    """What a feature speaks of."""

    TECHNICAL = "technical"
    FINANCIAL = "financial"
    EARNINGS = "earnings"
    SENTIMENT = "sentiment"
    SEASONALITY = "seasonality"
    LIQUIDITY = "liquidity"
    REGIME = "regime"
    PATTERN = "pattern"


@dataclass(frozen=True, slots=True)
class FeatureSpec:
    """One feature of the catalogue, in words a reader can recompute it by.

    Attributes:
        name: Its name everywhere.
        unit: What kind of quantity it is.
        category: One of eight.
        about: What it says, in a phrase.
        formula: How it is computed from ``inputs``.
        inputs: What it reads: columns of bars (``close``), figures (``net_profit``),
            series (``NIFTY_SMALLCAP_100``), ``headlines``, ``calendar``.
        look_back: How far, with the unit: ``14 sessions``, ``5 quarters``, ``30 days``.
        source: Where the formula comes from; empty for our own.
        absent: When there is no value.
        lags: Quarters back whose figures it reads (empty: all that look back allows).
        model_input: Whether models read it: scale-free quantities (a moving average in
            rupees says nothing across companies).
    """

    name: str
    unit: Measure
    category: Category
    about: str
    formula: str
    inputs: tuple[str, ...]
    look_back: str
    absent: str
    source: str = ""
    model_input: bool = True
    lags: tuple[int, ...] = ()
