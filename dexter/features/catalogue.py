"""Every feature dexter knows, in the order models read them."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import astuple

from dexter.features import (
    earnings,
    financial,
    liquidity,
    pattern,
    regime,
    seasonality,
    sentiment,
    technical,
)
from dexter.features.known import Known
from dexter.features.spec import Category, Columns, FeatureSpec

DEFINITIONS = 2
"""Raise when what a feature computes changes while its declaration stays."""

SPECS: tuple[FeatureSpec, ...] = (
    *technical.SPECS,
    *financial.SPECS,
    *earnings.SPECS,
    *sentiment.SPECS,
    *seasonality.SPECS,
    *liquidity.SPECS,
    *regime.SPECS,
    *pattern.SPECS,
)

BY_NAME: Mapping[str, FeatureSpec] = {spec.name: spec for spec in SPECS}

COMPUTE: Mapping[Category, Callable[[Known], Columns]] = {
    Category.TECHNICAL: technical.compute,
    Category.FINANCIAL: financial.compute,
    Category.EARNINGS: earnings.compute,
    Category.SENTIMENT: sentiment.compute,
    Category.SEASONALITY: seasonality.compute,
    Category.LIQUIDITY: liquidity.compute,
    Category.REGIME: regime.compute,
    Category.PATTERN: pattern.compute,
}

MODEL_INPUTS: tuple[str, ...] = tuple(s.name for s in SPECS if s.model_input)


def catalogue_hash() -> str:
    """A short sha256 over every declaration, their order and ``DEFINITIONS``.

    A model refuses features made under another catalogue than its own.
    """
    facts = [DEFINITIONS, [astuple(spec) for spec in SPECS]]
    text = json.dumps(facts, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
