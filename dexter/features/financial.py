"""Category ``financial``: growth, margins, worth and what lenders tell."""

from dexter.features import growth, lending, margins, worth
from dexter.features.columns import Column
from dexter.features.known import Known
from dexter.features.spec import FeatureSpec

_PARTS = (margins, growth, worth, lending)

SPECS: tuple[FeatureSpec, ...] = tuple(s for part in _PARTS for s in part.SPECS)


def compute(known: Known) -> dict[str, Column]:
    """Every financial feature of the events."""
    return {
        name: column for part in _PARTS for name, column in part.compute(known).items()
    }
