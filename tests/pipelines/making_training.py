"""A made-up past to train on in seconds, here or in a process of its own.

``python -m tests.pipelines.making_training HOME SEED`` trains on it into a home.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import sleep

import numpy as np
import pytest

from dexter.domain.filing import Basis, ResultsEvent
from dexter.domain.period import Quarter
from dexter.features.columns import Column, Whole
from dexter.features.known import Asked
from dexter.features.matrix import FeatureMatrix
from dexter.features.moments import (
    bars_known_at,
    closes_at,
    day_of,
    ist_days,
    quarter_number,
    whole,
)
from dexter.ml import intervals, search
from dexter.ml.dataset import Array, Dataset
from dexter.ml.learners import Settings
from dexter.ml.outcomes import Outcomes
from dexter.ml.recipe import Recipe
from pipelines import train
from pipelines.featurize import Featured
from registry.manifest import Manifest, Measured
from registry.registered import Registered
from tests.features.making import at
from tests.ml.making_events import CALENDAR, DAYS, TREES, XGB, known_days, of

NAMES = ("rsi_14", "net_margin", "volatility_60", "band_in_force", "return_5", "vix")
"""Inputs of the small dataset: the first tells a lot, the second a little."""

Made = tuple[Manifest, dict[str, bytes]]
UNTIL = DAYS[-1]
CREATED = at(UNTIL, 20)
TINY = (Recipe("trees", (XGB,)),)
DRAWS = 250
PLAIN: Settings = {**TREES, "rounds": 5}
"""In place of XGBoost as it comes."""


def quiet(stage: str, done: int, total: int) -> None:
    assert 0 <= done <= total, stage


def lesson(seed: int = 11, each: int = 2) -> Dataset:
    """Labelled events over seventeen seasons, some of them not judged."""
    random = np.random.default_rng(seed)
    moment = np.sort(np.repeat(bars_known_at(CALENDAR[5:-5]), each))
    n = len(moment)
    matrix = random.normal(size=(n, len(NAMES)))
    odds = -2.2 + 2 * matrix[:, 0] + 0.6 * matrix[:, 1]
    label = random.uniform(size=n) < 1 / (1 + np.exp(-odds))
    matrix[random.uniform(size=matrix.shape) < 0.05] = np.nan
    made = of(moment, matrix, label.astype(float), names=NAMES)
    return replace(
        made,
        judged=random.uniform(size=n) < 0.9,
        net_return=random.normal(-0.005, 0.03, n),
        abnormal=random.normal(0, 0.03, n),
        coverage=np.isfinite(matrix).mean(axis=1),
        turnover=random.uniform(6.4, 9, n),
        band=random.choice([5.0, 10.0, 20.0], n),
        cohort=random.choice(4, n).astype(np.int64),
    )


def taught(data: Dataset, recipes: Sequence[Recipe] = TINY) -> Made:
    """What training on labelled events comes to."""
    return train.learn(data, CALENDAR, train.LABEL, UNTIL, quiet, CREATED, recipes)


def overall(manifest: Manifest) -> Measured:
    """The metrics of all events."""
    return manifest.metrics[0]


def featured(seed: int = 11, names: Sequence[str] = NAMES) -> Featured:
    """An event a session with some inputs of the catalogue, and what followed it."""
    random = np.random.default_rng(seed)
    moment = np.repeat(bars_known_at(CALENDAR[5:-5]), 2)
    n = len(moment)
    columns = {name: random.normal(size=n) for name in names}
    columns["has_fixed_band"] = np.ones(n)
    columns["log_turnover_20"] = np.full(n, 8.0)
    columns["band_in_force"] = np.full(n, 0.2)
    columns["loss"] = np.zeros(n)
    odds = -2.0 + 3 * columns["rsi_14"]
    hit = random.uniform(size=n) < 1 / (1 + np.exp(-odds))
    quarters = [Quarter.ended_before(day_of(day)) for day in ist_days(moment)]
    return Featured(
        events=tuple(
            ResultsEvent(
                symbol=f"S{place % 40}",
                company=f"Company {place % 40}",
                period_end=quarter.end,
                published_at=at(day_of(day)),
                basis=Basis.STANDALONE,
                source="made up",
            )
            for place, (quarter, day) in enumerate(
                zip(quarters, ist_days(moment), strict=True)
            )
        ),
        asked=Asked(
            company=whole(place % 40 for place in range(n)),
            moment=moment,
            quarter=whole(map(quarter_number, quarters)),
        ),
        matrix=FeatureMatrix({name: Column.of(v) for name, v in columns.items()}),
        outcomes=followed(hit.astype(float), random.normal(-0.005, 0.03, n), moment),
        basis=Basis.STANDALONE,
        calendar=CALENDAR,
        companies={f"S{n}": n for n in range(40)},
    )


def followed(hit: Array, earned: Array, moment: Whole) -> Outcomes:
    """What followed events: whether they hit, and what was earned."""
    last = known_days(moment)
    return Outcomes(
        upper_circuit=Column.of(hit),
        touched=Column.of(np.maximum(hit, (earned > 0.05).astype(float))),
        positive=Column.of((earned > 0).astype(float)),
        net_return=Column.of(earned),
        abnormal=Column.of(earned + 0.005),
        day0=CALENDAR[np.searchsorted(closes_at(CALENDAR), moment)],
        last_day=last,
        known_at=bars_known_at(last),
        locked_open=np.zeros(len(hit), dtype=np.bool_),
    )


@contextmanager
def quick() -> Iterator[pytest.MonkeyPatch]:
    """Within, intervals are of few draws, and the default rival has few trees."""
    drawn = intervals._drawn
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            intervals, "_drawn", lambda clusters, seed, _: drawn(clusters, seed, DRAWS)
        )
        patch.setattr(train, "DEFAULT_SETTINGS", PLAIN)
        yield patch


@contextmanager
def made_up(seed: int = 11) -> Iterator[None]:
    """Within, ``train`` finds made-up events in any home, and small recipes."""
    past = featured(seed)
    with quick() as patch:
        patch.setattr(train, "featurize", lambda *_: past)
        patch.setattr(train, "MODEL_INPUTS", NAMES)
        patch.setattr(search, "candidates", lambda: TINY)
        yield


def train_in(home: Path, seed: int = 11) -> Registered:
    with made_up(seed):
        shelf = home / "shelf"
        return train.train(
            home, train.LABEL, UNTIL, quiet, shelf=shelf, created=CREATED
        )


def main(home: Path, seed: int) -> None:
    """Train once ``go`` lies in the home, together with whoever else waits for it."""
    (home / f"ready-{seed}").touch()
    while not (home / "go").exists():
        sleep(0.01)
    print(train_in(home, seed).manifest.version)  # noqa: T201 - read by who started it


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
