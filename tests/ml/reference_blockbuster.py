"""The blockbuster score in plain Python, event by event: slow, and written apart."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

MEASURES = ("sue", "profit_yoy", "revenue_yoy", "net_margin_change", "quality")


@dataclass(frozen=True)
class Row:
    """One company's result of a season; measures that are not known are left out."""

    cohort: int
    season: int
    moment: int
    company: int
    known: dict[str, float] = field(default_factory=dict)


def percentile(
    name: str, row: Row, peers: Sequence[Row], minimum: int
) -> tuple[float, int] | None:
    """Percentile and how many seasons back its peers are, or none."""
    if name not in row.known:
        return None
    for back in (0, 1):
        values = [
            peer.known[name]
            for peer in peers
            if peer.cohort == row.cohort
            and peer.season == row.season - back
            and peer.moment <= row.moment
            and peer.company != row.company
            and name in peer.known
        ]
        if len(values) >= max(1, minimum):
            below = sum(value < row.known[name] for value in values)
            level = sum(value == row.known[name] for value in values)
            return 100 * (below + level / 2) / len(values), back
    return None


def components(row: Row, peers: Sequence[Row], minimum: int) -> dict[str, float | None]:
    """Percentiles of the four components."""

    def rank(name: str) -> float | None:
        found = percentile(name, row, peers, minimum)
        return None if found is None else found[0]

    odd = one_place(rank("quality"))
    return {
        "surprise": one_place(rank("sue")),
        "growth": mean([rank("profit_yoy"), rank("revenue_yoy")]),
        "margin": one_place(rank("net_margin_change")),
        "quality": None if odd is None else one_place(100 - odd),
    }


def score(row: Row, peers: Sequence[Row], minimum: int) -> tuple[float | None, float]:
    """Score and coverage."""
    parts = components(row, peers, minimum)
    known = sum(part is not None for part in parts.values())
    return mean(list(parts.values())), known / len(parts)


def mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return one_place(sum(known) / len(known)) if known else None


def one_place(value: float | None) -> float | None:
    """To one place, as the score's definition has it."""
    return None if value is None else float(np.round(value, 1))
