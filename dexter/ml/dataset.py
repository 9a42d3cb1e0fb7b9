"""Events as a matrix: features, labels, and when each became known."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Self

import numpy as np
import numpy.typing as npt

from dexter.domain.moment import IST

Matrix = npt.NDArray[np.float32]
Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled events in order of publication; row i of every column is event i.

    ``matrix`` is ``(n, k)`` with NaN where a feature is null; ``net_return`` is NaN
    where nobody could have bought; ``coverage`` is the share of inputs known,
    ``turnover`` log10 of the median daily turnover in rupees before the event.
    """

    names: tuple[str, ...]
    matrix: Matrix
    label: Array
    net_return: Array
    symbols: tuple[str, ...]
    published_at: tuple[datetime, ...]
    label_known_at: tuple[datetime, ...]
    coverage: Array
    turnover: Array

    def __len__(self) -> int:
        """Number of events."""
        return len(self.label)

    @property
    def days(self) -> tuple[date, ...]:
        """Indian calendar day of each publication."""
        return tuple(at.astimezone(IST).date() for at in self.published_at)

    def only(self, names: Sequence[str]) -> Self:
        """The same events with some of the inputs.

        Raises:
            ValueError: a name is not among the inputs.
        """
        columns = [self.names.index(name) for name in names]
        return replace(self, names=tuple(names), matrix=self.matrix[:, columns])
