"""Every feature dexter knows, in the order the model reads them.

The category ``sentiment`` is empty: nothing here measures it honestly yet.
"""

import hashlib
import json
from collections.abc import Callable

from dexter.features import financial, pattern, surprise, surroundings, technical
from dexter.features.spec import FeatureSpec, Known, Values

CATEGORIES = (
    "technical",
    "financial",
    "earnings",
    "sentiment",
    "seasonality",
    "liquidity",
    "regime",
    "pattern",
)

DEFINITIONS = 1
"""Raise when the meaning of any feature changes while its name stays."""

SPECS: tuple[FeatureSpec, ...] = (
    *technical.SPECS,
    *financial.SPECS,
    *surprise.SPECS,
    *surroundings.SPECS,
    *pattern.SPECS,
)

COMPUTE: tuple[Callable[[Known], Values], ...] = (
    technical.compute,
    financial.compute,
    surprise.compute,
    surroundings.compute,
    pattern.compute,
)

MODEL_INPUTS: tuple[str, ...] = tuple(s.name for s in SPECS if s.model_input)


def catalogue_hash() -> str:
    """A short sha256 over names, units, categories, order and definitions.

    A model refuses features made under another catalogue than its own.
    """
    facts = [[s.name, s.unit, s.category, s.about, s.model_input] for s in SPECS]
    text = json.dumps([DEFINITIONS, facts], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
