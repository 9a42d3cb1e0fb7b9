"""Category ``regime``: what the market does, and how the share stands in it."""

from dexter.features import companions, crowd, index_levels
from dexter.features.columns import Column
from dexter.features.companions import INDEX_SESSIONS, SECTORS
from dexter.features.index_levels import LARGE_INDEX, MARKET_INDEX, VOLATILITY_INDEX
from dexter.features.known import Known
from dexter.features.spec import FeatureSpec

__all__ = [
    "INDEX_SESSIONS",
    "INDICES",
    "MARKET_INDEX",
    "MARKET_SESSIONS",
    "SPECS",
    "VOLATILITY_INDEX",
    "compute",
]

INDICES: tuple[str, ...] = (MARKET_INDEX, LARGE_INDEX, VOLATILITY_INDEX, *SECTORS)
"""Every index that features read; who asks for features hands in exactly these."""

MARKET_SESSIONS = 60
"""Measured sessions of the market that features read."""

SPECS: tuple[FeatureSpec, ...] = (
    *index_levels.SPECS,
    *crowd.SPECS,
    *companions.SPECS,
)


def compute(known: Known) -> dict[str, Column]:
    """Every feature of the category."""
    return (
        index_levels.compute(known) | crowd.compute(known) | companions.compute(known)
    )
