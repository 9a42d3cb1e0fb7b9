"""How loudly an alert is meant: one rule for runs, the ledger and backtests."""

from decimal import Decimal

from dexter.domain.alert import Confidence, Priority

HIGH_SCORE = 80
GOOD_SCORE = 60
LEAST_COVERAGE = 0.5
"""A score of fewer of its parts never raises a priority."""


def priority_of(
    score: Decimal | float | None,
    coverage: Decimal | float,
    confidence: Confidence | None,
) -> Priority:
    """High: a high score the model's confidence agrees with. Medium: either alone.

    Args:
        score: The blockbuster score, 0 to 100; null where there is none.
        coverage: Share of its parts that are known.
        confidence: The model's; null where it gave no probability.
    """
    points = None if coverage < LEAST_COVERAGE else score
    likely = confidence is not None and confidence is not Confidence.LOW
    if points is not None and points >= HIGH_SCORE and likely:
        return Priority.HIGH
    if likely or (points is not None and points >= GOOD_SCORE):
        return Priority.MEDIUM
    return Priority.LOW
