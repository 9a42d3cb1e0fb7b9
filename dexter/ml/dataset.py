"""Events as a matrix: features, labels, and when each became known."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled events in order of publication; row i of every column is event i.

    Attributes:
        names: The inputs, one a column of ``matrix``.
        matrix: ``(n, k)`` with NaN where a feature is absent.
        label: 0 or 1.
        judged: Whether the event is of the universe a model speaks about; the others
            only teach.
        net_return: After cost from the first tradable price; NaN where nobody could
            have bought.
        abnormal: Move of the window less the market's; NaN where not known.
        moment: Publication, as in ``features.moments``.
        known_day: The session at whose close the label became known, as a day.
        day: Session of day 0, as a day.
        season: The results season, as a quarter.
        coverage: Share of the inputs known.
        turnover: log10 of the median daily turnover in rupees before the event.
        band: The price band in per cent.
        cohort: Place of the statement family in ``domain.company.Family``.
        symbol: Whose results they were.
    """

    names: tuple[str, ...]
    matrix: Matrix
    label: Array
    judged: Mask
    net_return: Array
    abnormal: Array
    moment: Whole
    known_day: Whole
    day: Whole
    season: Whole
    coverage: Array
    turnover: Array
    band: Array
    cohort: Whole
    symbol: Words

    def __len__(self) -> int:
        """Number of events."""
        return len(self.label)

    def only(self, names: Sequence[str]) -> Self:
        """The same events with some of the inputs.

        Raises:
            ValueError: a name is not among the inputs.
        """
        columns = [self.names.index(name) for name in names]
        return replace(self, names=tuple(names), matrix=self.matrix[:, columns])

    def take(self, chosen: Mask) -> Self:
        """The chosen events."""
        parts = {
            one.name: getattr(self, one.name)[chosen]
            for one in fields(self)
            if one.name != "names"
        }
        return replace(self, **parts)
