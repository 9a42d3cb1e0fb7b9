"""What a model said out of sample, and what happened, as columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]

LOGISTIC = "logistic"
VOLATILITY = "volatility alone"
DEFAULT = "default XGBoost"
RIVALS = (LOGISTIC, VOLATILITY, DEFAULT)
"""Names of the models every other one is held against."""


@dataclass(frozen=True, slots=True)
class OutOfSample:
    """Out-of-sample events as columns of equal length.

    Attributes:
        probability: Calibrated, said before the label was known.
        raw: The score before calibration.
        label: 0 or 1.
        reference: The base rate known when the event's fold was trained.
        net_return: After cost from the first tradable price, per one; NaN where nobody
            could have bought.
        abnormal: The move of the window less the market's, per one; NaN where not
            known. Part of it comes before anybody could have bought.
        day: Session of day 0, as days since 1970; events of one share its draws.
        season: ``quarter_number`` of the results season.
        coverage: Share of the model's inputs known.
        turnover: log10 of the median daily turnover in rupees.
        band: The price band in per cent; NaN where not known.
        cohort: Place of the statement family in ``domain.company.Family``.
        symbol: Whose results they were.
        rivals: Calibrated probabilities of simpler models on the same events, by name.
    """

    probability: Array
    raw: Array
    label: Array
    reference: Array
    net_return: Array
    abnormal: Array
    day: Whole
    season: Whole
    coverage: Array
    turnover: Array
    band: Array
    cohort: Whole
    symbol: Words
    rivals: Mapping[str, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse columns of unequal length."""
        columns = {**self.columns(), **self.rivals}
        odd = [name for name, column in columns.items() if len(column) != len(self)]
        if odd:
            msg = f"columns of another length than the labels: {', '.join(odd)}"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Number of events."""
        return len(self.label)

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Every column but the rivals', by name."""
        names = (one.name for one in fields(self) if one.name != "rivals")
        return {name: getattr(self, name) for name in names}

    def take(self, chosen: npt.NDArray[np.bool_]) -> Self:
        """The chosen events."""
        parts = {name: column[chosen] for name, column in self.columns().items()}
        rivals = {name: said[chosen] for name, said in self.rivals.items()}
        return replace(self, **parts, rivals=rivals)

    @property
    def sessions(self) -> int:
        """How many sessions the events fall on."""
        return len(np.unique(self.day))
