"""Backtests over made-up events: some refused, some without an outcome."""

from dataclasses import replace
from datetime import date

import numpy as np

from dexter.domain.alert import Confidence, Demonstrated, Priority
from dexter.ml.backtesting import Frozen, Rows
from tests.ml.making_samples import market

FROZEN = Frozen(
    version="made-up-1",
    label="upper_circuit_3d",
    trained_until=date(2000, 1, 1),
    base_rate=0.1,
    threshold=0.3,
    seed=7,
    edge=Demonstrated.NO,
)
FUTURES = "no fixed price band (futures trade)"


def rows(n: int = 1500, refused: int = 5, unknown: int = 7) -> Rows:
    """Every ``refused``-th event was refused, every ``unknown``-th has no outcome."""
    sample = market(n=n)
    place = np.arange(n)
    no, blank = place % refused == 0, place % unknown == 0
    sample = replace(
        sample,
        probability=np.where(no, np.nan, sample.probability),
        raw=np.where(no, np.nan, sample.raw),
        label=np.where(blank, np.nan, sample.label),
    )
    heard = [
        None
        if gone
        else Confidence.HIGH
        if said >= FROZEN.threshold
        else Confidence.LOW
        for gone, said in zip(no, sample.probability, strict=True)
    ]
    return Rows(
        sample=sample,
        published_day=sample.day - 1,
        refusal=tuple(
            f"No probability for S{i}: its median turnover of ₹{i + 10:,} a day is low."
            if gone
            else None
            for i, gone in enumerate(no)
        ),
        unknown=tuple(FUTURES if one else None for one in blank),
        confidence=tuple(heard),
        priority=tuple(
            Priority.MEDIUM if one is Confidence.HIGH else Priority.LOW for one in heard
        ),
        locked=place % 10 == 0,
    )
