"""One rule of priority, whatever kind of number the score is."""

from decimal import Decimal

import pytest

from dexter.domain.alert import Confidence, Priority
from dexter.domain.priority import priority_of


@pytest.mark.parametrize(
    ("score", "coverage", "confidence", "expected"),
    [
        (80.0, 1.0, Confidence.MEDIUM, Priority.HIGH),
        (79.9, 1.0, Confidence.HIGH, Priority.MEDIUM),
        (80.0, 0.5, Confidence.LOW, Priority.MEDIUM),
        (99.0, 0.25, Confidence.LOW, Priority.LOW),
        (60.0, 1.0, None, Priority.MEDIUM),
        (59.9, 1.0, None, Priority.LOW),
        (None, 0.0, Confidence.HIGH, Priority.MEDIUM),
        (None, 0.0, None, Priority.LOW),
    ],
)
def test_decimals_and_floats_are_one_score(
    score: float | None,
    coverage: float,
    confidence: Confidence | None,
    expected: Priority,
) -> None:
    exact = None if score is None else Decimal(str(score))
    assert priority_of(score, coverage, confidence) is expected
    assert priority_of(exact, Decimal(str(coverage)), confidence) is expected
