"""The model's inputs out of a feature vector."""

from collections.abc import Mapping, Sequence

from dexter.domain.alert import FeatureValue

OWN_FIGURES = "loss"
"""Null when the quarter's own profit was unknown: many filings are listed without
numbers. Such events are never predicted."""


def row(features: Mapping[str, FeatureValue], names: Sequence[str]) -> list[float]:
    """The named features in order, NaN where null.

    Raises:
        KeyError: a feature the model reads is not in the mapping.
    """
    values = (features[name].value for name in names)
    return [float("nan") if value is None else value for value in values]


def known_share(features: Mapping[str, FeatureValue], names: Sequence[str]) -> float:
    """Share of the named features that are known."""
    known = sum(features[name].value is not None for name in names)
    return known / len(names)
