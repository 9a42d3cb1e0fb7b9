"""Category ``earnings``: the quarter against the company's own history."""

from dexter.features import reactions, record, sequence, standing, surprises
from dexter.features.columns import Column
from dexter.features.known import Known
from dexter.features.spec import FeatureSpec

_PARTS = (surprises, sequence, record, reactions, standing)

MEASURES: tuple[str, ...] = (
    "sue",
    "sur",
    "sue_before",
    "revenue_yoy",
    "profit_yoy",
    "eps_yoy",
    "net_margin",
    "net_margin_change",
    "operating_margin_change",
    "profit_acceleration",
    "revenue_acceleration",
    "quality",
)
"""What a quarter's results are judged by, prices aside; some are of ``financial``."""

SPECS: tuple[FeatureSpec, ...] = tuple(s for part in _PARTS for s in part.SPECS)


def compute(known: Known) -> dict[str, Column]:
    """Every earnings feature of the events."""
    return {
        name: column for part in _PARTS for name, column in part.compute(known).items()
    }
