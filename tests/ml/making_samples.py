"""Out-of-sample events, made up."""

from dataclasses import replace

import numpy as np

from dexter.domain.period import Quarter
from dexter.features.moments import day_number, quarter_number, whole
from dexter.ml.intervals import Array
from dexter.ml.sample import DEFAULT, LOGISTIC, VOLATILITY, OutOfSample
from tests.features.making import weekdays

FIRST_SEASON = quarter_number(Quarter(2022, 1))


def sample(
    said: list[float] | Array, label: list[float] | Array, reference: float = 0.5
) -> OutOfSample:
    """Events four a session, all of one season, liquid, with nothing earned."""
    n = len(said)
    return OutOfSample(
        probability=np.array(said, dtype=float),
        raw=np.array(said, dtype=float),
        label=np.array(label, dtype=float),
        reference=np.full(n, reference),
        net_return=np.zeros(n),
        abnormal=np.zeros(n),
        day=np.arange(n) // 4,
        season=np.full(n, FIRST_SEASON),
        coverage=np.ones(n),
        turnover=np.full(n, 8.0),
        band=np.full(n, 20.0),
        cohort=np.zeros(n, dtype=np.int64),
        symbol=np.array([f"S{i}" for i in range(n)]),
    )


def many(seed: int, n: int = 3000) -> OutOfSample:
    """Events whose probabilities are right."""
    random = np.random.default_rng(seed)
    said = random.uniform(0, 0.3, n)
    label = (random.uniform(size=n) < said).astype(float)
    return sample(said, label, 0.15)


def market(seed: int = 1, n: int = 3000, seasons: int = 6) -> OutOfSample:
    """Seasons of thirty sessions, busy and quiet ones, with rivals that know less."""
    random = np.random.default_rng(seed)
    sessions = seasons * 30
    calendar = whole(day_number(day) for day in weekdays(sessions))
    busy = random.lognormal(0, 0.8, sessions)
    session = np.sort(random.choice(sessions, n, p=busy / busy.sum()))
    known, wild = random.normal(size=n), random.normal(size=n)
    mood = random.normal(0, 0.4, sessions)[session]
    label = random.uniform(size=n) < _sigmoid(-3 + 1.2 * known + 0.7 * wild + mood)
    earned = 0.03 * random.standard_t(5, n) - 0.006
    made = sample(_sigmoid(-3 + 1.2 * known + 0.7 * wild), label.astype(float))
    return replace(
        made,
        reference=np.full(n, label.mean()),
        net_return=np.where(random.uniform(size=n) < 0.05, np.nan, earned),
        abnormal=earned + 0.01,
        day=calendar[session],
        season=FIRST_SEASON + session // 30,
        coverage=random.uniform(0.4, 1.0, n),
        turnover=random.uniform(6.4, 9.0, n),
        band=random.choice([2, 5, 10, 20, np.nan], n, p=[0.01, 0.2, 0.2, 0.5, 0.09]),
        cohort=random.choice(4, n, p=[0.8, 0.1, 0.09, 0.01]).astype(np.int64),
        rivals={
            LOGISTIC: _sigmoid(-2.8 + 0.9 * known + 0.5 * wild),
            VOLATILITY: _sigmoid(-2.6 + 0.6 * wild),
            DEFAULT: _sigmoid(-2.9 + known + 0.6 * wild + random.normal(0, 0.5, n)),
        },
    )


def _sigmoid(odds: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-odds)))
