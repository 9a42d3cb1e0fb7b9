"""The matrix of features: any set of them over any events, in columns."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dexter.features.catalogue import BY_NAME, COMPUTE, SPECS
from dexter.features.columns import Column, Whole
from dexter.features.known import Asked, Known, Sources, see

EVERY: tuple[str, ...] = tuple(spec.name for spec in SPECS)


@dataclass(frozen=True, slots=True)
class FeatureMatrix:
    """Features of ``n`` events, one column a feature, in the order asked for."""

    columns: dict[str, Column]

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names."""
        return tuple(self.columns)

    def __len__(self) -> int:
        """Number of events."""
        return len(next(iter(self.columns.values())))

    def values(self, names: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
        """Shape ``(n, k)``, NaN where absent."""
        wanted = self.names if names is None else names
        return np.column_stack([self.columns[name].values for name in wanted])

    def rows(self, chosen: Whole) -> "FeatureMatrix":
        """The chosen events, in that order."""
        return FeatureMatrix({n: c.rows(chosen) for n, c in self.columns.items()})

    def filled(self) -> dict[str, float]:
        """Share of events each feature is known for."""
        return {n: float((c.why == 0).mean()) for n, c in self.columns.items()}


def build_matrix(
    sources: Sources, asked: Asked, names: Sequence[str] = EVERY
) -> FeatureMatrix:
    """Compute features of events, each as of its own moment.

    Args:
        sources: What is known at all; whatever lies after an event's moment may be in
            it and changes nothing.
        asked: The events; neighbouring rows of one company in order of time are
            quickest.
        names: Features wanted; only the categories they belong to are computed.

    Raises:
        KeyError: a name is not of the catalogue.
    """
    return of_known(see(sources, asked), names)


def of_known(known: Known, names: Sequence[str] = EVERY) -> FeatureMatrix:
    """As ``build_matrix``, over what has been cut already."""
    wanted = {BY_NAME[name].category for name in names}
    found: dict[str, Column] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        for category, compute in COMPUTE.items():
            if category in wanted:
                found |= compute(known)
    return FeatureMatrix({name: found[name] for name in names})


def blocks(asked: Asked, rows: int) -> Iterator[Asked]:
    """The events in parts of at most so many, so that memory stays bounded."""
    for start in range(0, len(asked), rows):
        part = slice(start, start + rows)
        yield Asked(asked.company[part], asked.moment[part], asked.quarter[part])
