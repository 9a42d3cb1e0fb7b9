"""``seed-42``: what 16 wins in 42 alerts on three days can say, and what it cannot."""

import math
from collections.abc import Mapping
from datetime import date

import numpy as np

from dexter.features.columns import Mask
from dexter.ml.chances import (
    LEVEL,
    beta_cdf,
    beta_quantile,
    binomial,
    binomial_p,
    binomial_power,
    exact,
    needed_for_rate,
    normal_p,
)
from dexter.ml.intervals import wilson
from dexter.ml.outcomes import COST
from dexter.ml.study import Picked, TooFewError, random_wins, within
from pipelines.study.sample import Events, Sample, followed
from pipelines.study.spec import Period, Spec
from pipelines.study.study import Document

WINS, ALERTS, DAYS = 16, 42, 3
TRUTHS = (0.35, 0.40, 0.45, 0.55, 0.60, 0.65, 0.70)

SPEC = Spec(
    name="seed-42",
    title="What 16 wins in 42 alerts on three days can and cannot say",
    hypothesis=(
        "16 wins in 42 alerts on three days tell the rate of wins from 50 %.",
        "They tell it from that of 42 results picked at random on three days.",
    ),
    sample=(
        (
            "The count itself, as it was reported: no record of the alerts behind it "
            "is kept."
        ),
        (
            "Beside it dated results of 2018 to June 2025 of companies whose median "
            "daily turnover was ₹25 lakh or more as known at publication, with a "
            "return from the first tradable price."
        ),
    ),
    variables={
        "won": "whether the return from the first tradable open after publication to "
        "the close of session 2, after 0.5 % of cost, is above 0",
        "session": "session 0, the first the market could react in",
    },
    periods=(Period("all", date(2018, 1, 1), date(2025, 6, 30)),),
    decision=(
        (
            "Told from 50 % if the exact two-sided binomial p is 0.05 or less; told "
            "from random picks if 16 lies outside the central 95 % of 10,000 picks "
            "of 14 results each on three sessions of one season."
        ),
        (
            "Alerts of one day are alike by the intraclass correlation of wins within "
            "sessions of the data (by analysis of variance, that of all results)."
        ),
    ),
    seen_before=(
        (
            "The count, its Wilson interval of 25 to 53 % and its p of 0.16 were "
            "known when this was written, as was that 41.7 % of all results saw a "
            "positive three-day return. This code was tried on the same data. Nothing "
            "is locked."
        ),
    ),
    numbers={
        "wins": WINS,
        "alerts": ALERTS,
        "days": DAYS,
        "universe_crore": 0.25,
        "score": 80.0,
        "coverage": 0.5,
        "cost": COST,
        "draws": 10_000,
        "seed": 20240101.0,
    },
)

_CRORE = 1e7
_TAIL = LEVEL / 2


def size(spec: Spec, events: Events, period: Period) -> int:
    """How many results of a period there are to look at."""
    return int(_traded(spec, events)[events.during(period)].sum())


def measure(spec: Spec, events: Events, period: Period) -> Document:
    """The count, and the data beside it."""
    during = events.during(period)
    sample = followed(events, period, during[_traded(spec, events)[during]])
    sample = sample.take(np.isfinite(sample.net))
    alike = within(sample.won, sample.day)
    high = (sample.score >= spec.numbers["score"]) & (
        sample.coverage >= spec.numbers["coverage"]
    )
    effect = alike.design_effect(ALERTS / DAYS)
    return {
        "alone": _alone(),
        "data": {
            "events": len(sample),
            "sessions": alike.sessions,
            "rate": float(sample.won.mean()),
            "correlation": alike.correlation,
            "correlation_blockbuster": _within_some(sample, high),
            "blockbusters": int(high.sum()),
            "design_effect": effect,
        },
        "effective": _effective(effect),
        "power": [
            {
                "truth": truth,
                "power": binomial_power(ALERTS, truth, 0.5),
                "effective": binomial_power(round(ALERTS / effect), truth, 0.5),
                "independent": needed_for_rate(truth, 0.5),
                "needed": math.ceil(needed_for_rate(truth, 0.5) * effect),
            }
            for truth in TRUTHS
        ],
        "picks": _picks(spec, sample),
    }


def conclude(spec: Spec, found: Mapping[str, Document]) -> Document:
    """By the rule that was written down."""
    told = found[spec.periods[0].name]
    alone, picks = told["alone"], told["picks"]
    from_coin = alone["p"] <= LEVEL
    from_picks = not picks["low"] <= WINS <= picks["high"]
    return {"told_from_coin": from_coin, "told_from_picks": from_picks}


def _traded(spec: Spec, events: Events) -> Mask:
    with np.errstate(invalid="ignore"):
        found: Mask = events.turnover >= math.log10(
            spec.numbers["universe_crore"] * _CRORE
        )
    return found


def _alone() -> Document:
    plain, certain = wilson(WINS, ALERTS), exact(WINS, ALERTS)
    return {
        "rate": plain.value,
        "wilson": [plain.low, plain.high],
        "exact": [certain.low, certain.high],
        "p": binomial_p(WINS, ALERTS, 0.5),
        **_posterior(WINS, ALERTS),
    }


def _posterior(wins: float, alerts: float) -> Document:
    """What a flat prior becomes: its mean, middle 95 %, and chance of being above."""
    a, b = 1 + wins, 1 + alerts - wins
    return {
        "mean": a / (a + b),
        "middle": [beta_quantile(_TAIL, a, b), beta_quantile(1 - _TAIL, a, b)],
        "above_half": 1 - beta_cdf(0.5, a, b),
    }


def _effective(effect: float) -> Document:
    """The same count as if of so many independent events."""
    events = ALERTS / effect
    share = WINS / ALERTS
    found = _posterior(share * events, events)
    low, high = _wilson(share, events)
    z = (share - 0.5) / math.sqrt(0.25 / events)
    return {"events": events, "low": low, "high": high, "p": normal_p(z), **found}


def _wilson(share: float, events: float) -> tuple[float, float]:
    """Wilson's interval of a rate of no whole number of events."""
    square = 1.959963984540054**2 / events
    centre = (share + square / 2) / (1 + square)
    reach = math.sqrt(share * (1 - share) * square + square**2 / 4) / (1 + square)
    return centre - reach, centre + reach


def _within_some(sample: Sample, some: Mask) -> float | None:
    try:
        return within(sample.won[some], sample.day[some]).correlation
    except TooFewError:
        return None


def _picks(spec: Spec, sample: Sample) -> Document:
    """Wins of random picks, and of as many independent events of the same rate."""
    numbers = spec.numbers
    how = Picked(DAYS, ALERTS // DAYS, int(numbers["draws"]), int(numbers["seed"]))
    wins = random_wins(sample.won == 1, sample.day, sample.season, how)
    ends = [_TAIL, 0.5, 1 - _TAIL]
    low, middle, high = np.quantile(wins, ends, method="inverted_cdf")
    share = float(wins.mean()) / ALERTS
    return {
        "counts": np.bincount(wins, minlength=ALERTS + 1).tolist(),
        "independent": (binomial(ALERTS, share) * how.draws).tolist(),
        "mean": float(wins.mean()),
        "deviation": float(wins.std()),
        "binomial_deviation": math.sqrt(ALERTS * share * (1 - share)),
        "median": float(middle),
        "low": float(low),
        "high": float(high),
        "at_most": float((wins <= WINS).mean()),
    }
