"""The blockbuster study's measurements of one period, as plain values."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from dexter.features.columns import Array, Mask
from dexter.features.moments import quarter_of
from dexter.ml.chances import needed_for_mean, needed_for_rate
from dexter.ml.intervals import Estimate, Resampled, wilson
from dexter.ml.study import TENTHS, Tested, held_against, holm, tenths
from pipelines.study.sample import Events, Sample, followed
from pipelines.study.spec import Among, Measured, Period, Spec, Test
from pipelines.study.study import Document

_CRORE = 1e7
_GROUPS = ("blockbuster", "rest", "every")


@dataclass(frozen=True, slots=True)
class Followed:
    """A period's events with their sessions redrawn."""

    sample: Sample
    drawn: Resampled
    spec: Spec

    @property
    def blockbuster(self) -> Mask:
        """Events whose score is high enough."""
        return self.sample.score >= self.spec.numbers["score"]

    def among(self, among: Among) -> Mask:
        """The liquid, or all."""
        if among is Among.ALL:
            return np.ones(len(self.sample), dtype=np.bool_)
        return self.sample.turnover >= _log(self.spec.numbers["liquid_crore"])

    def values(self, about: Measured) -> Array:
        """A measure of each event."""
        found: Array = getattr(self.sample, about.value)
        return found

    def test(self, test: Test) -> Tested | None:
        """One test of the family."""
        values = self.values(test.about)
        there = self.among(test.among) & np.isfinite(values)
        rest = there & ~self.blockbuster if test.against_rest else None
        group = there & self.blockbuster
        return held_against(test.null, values, self.drawn, group, rest)

    def mean(self, about: Measured, group: Mask) -> dict[str, Any] | None:
        """A measure's mean in a group; its interval, and Wilson's of a rate."""
        values = self.values(about)
        group = group & np.isfinite(values)
        found = held_against(0.0, values, self.drawn, group)
        if found is None:
            return None
        told: dict[str, Any] = {**_estimate(found.estimate), "events": found.events}
        if about in _RATES:
            plain = wilson(int(values[group].sum()), found.events)
            told["wilson"] = [plain.low, plain.high]
        return told

    def means(self, group: Mask) -> dict[str, Any]:
        """Every measure's mean in a group."""
        return {about.value: self.mean(about, group) for about in Measured}


_RATES = frozenset({Measured.WON, Measured.CIRCUIT})


def size(spec: Spec, events: Events, period: Period) -> int:
    """How many blockbusters of a period there are to look at."""
    chosen = _chosen(spec, events)[events.during(period)]
    score = events.score[events.during(period)]
    return int((chosen & (score >= spec.numbers["score"])).sum())


def measure(spec: Spec, events: Events, period: Period) -> Document:
    """Everything the study says of a period."""
    during = events.during(period)
    chosen = during[_chosen(spec, events)[during]]
    sample = followed(events, period, chosen)
    flow = _flow(spec, events, period, sample)
    sample = sample.take(sample.day >= 0)
    seed, resamples = int(spec.numbers["seed"]), int(spec.numbers["resamples"])
    told = Followed(sample, Resampled.of(sample.day, seed, resamples), spec)
    return {
        "flow": flow,
        "fingerprint": _fingerprint(sample),
        "tests": _tests(told),
        "groups": _groups(told),
        "tenths": _tenths(told),
        "seasons": _seasons(told),
        "locked_circuits": _locked(told),
        "power": [_power(told, among) for among in Among],
    }


def _chosen(spec: Spec, events: Events) -> Mask:
    """Events of the universe that are scored; NaN compares as no."""
    with np.errstate(invalid="ignore"):
        traded = events.turnover >= _log(spec.numbers["universe_crore"])
        known = events.coverage >= spec.numbers["coverage"]
    return traded & known & np.isfinite(events.score)


def _log(crore: float) -> float:
    return math.log10(crore * _CRORE)


def _flow(spec: Spec, events: Events, period: Period, sample: Sample) -> Document:
    during = events.during(period)
    with np.errstate(invalid="ignore"):
        traded = events.turnover[during] >= _log(spec.numbers["universe_crore"])
    why, counts = np.unique(sample.absent[sample.absent != ""], return_counts=True)
    return {
        "published": len(during),
        "traded": int(traded.sum()),
        "scored": len(sample),
        "followed": int(np.isfinite(sample.net).sum()),
        "absent": {str(w): int(c) for w, c in zip(why, counts, strict=True)},
        "banded": int(np.isfinite(sample.circuit).sum()),
    }


def _fingerprint(sample: Sample) -> str:
    """Of the numbers measured: the same data, the same fingerprint."""
    columns = sample.score, sample.net, sample.reaction, sample.circuit
    return hashlib.sha256(b"".join(c.tobytes() for c in columns)).hexdigest()


def _tests(told: Followed) -> list[dict[str, Any]]:
    """The family; a test of too few events keeps its place and a p of 1."""
    fewest = told.spec.numbers["fewest"]
    found = [(test, told.test(test)) for test in told.spec.tests]
    decided = [one is not None and one.events >= fewest for _, one in found]
    p_values = [
        one.p if one is not None and enough else 1.0
        for (_, one), enough in zip(found, decided, strict=True)
    ]
    return [
        _tested(test, one, p, adjusted) | {"enough": enough}
        for (test, one), p, adjusted, enough in zip(
            found, p_values, holm(p_values), decided, strict=True
        )
    ]


def _tested(
    test: Test, one: Tested | None, p: float, adjusted: float
) -> dict[str, Any]:
    return {
        "name": test.name,
        "about": test.about.value,
        "among": test.among.value,
        "against_rest": test.against_rest,
        "claim": test.claim,
        "null": test.null,
        "estimate": _estimate(one.estimate) if one else None,
        "direction": one.direction if one else 0,
        "events": one.events if one else 0,
        "sessions": one.sessions if one else 0,
        "p": p,
        "holm": adjusted,
    }


def _groups(told: Followed) -> dict[str, Any]:
    every = {}
    for among in Among:
        inside, high = told.among(among), told.blockbuster
        masks = (inside & high, inside & ~high, inside)
        every[among.value] = {
            name: told.means(mask) for name, mask in zip(_GROUPS, masks, strict=True)
        }
    return every


def _tenths(told: Followed) -> list[dict[str, Any]]:
    tenth = tenths(told.sample.score)
    rows = []
    for place in range(TENTHS):
        mine = tenth == place
        if mine.any():
            score = told.sample.score[mine]
            ends = {"from": float(score.min()), "to": float(score.max())}
            rows.append({"tenth": place + 1, **ends, **told.means(mine)})
    return rows


def _seasons(told: Followed) -> list[dict[str, Any]]:
    season, high = told.sample.season, told.blockbuster
    return [
        {
            "season": str(quarter_of(int(one))),
            "blockbuster": told.means(high & (season == one)),
            "rest": told.means(~high & (season == one)),
        }
        for one in np.unique(season)
    ]


def _locked(told: Followed) -> Document:
    """Of the blockbusters' circuits those whose first session opened untradeable."""
    circuit = told.blockbuster & (told.sample.circuit == 1)
    return {
        "circuits": int(circuit.sum()),
        "opened_locked": int((circuit & told.sample.locked).sum()),
    }


def _power(told: Followed, among: Among) -> Document:
    """What the sample could have shown, and what would be needed."""
    numbers = told.spec.numbers
    tests = [
        told.test(Test("", about, among, null))
        for about, null in ((Measured.WON, 0.5), (Measured.NET, 0.0))
    ]
    won, net = tests
    rate = needed_for_rate(numbers["rate_to_show"], 0.5)
    found: Document = {"among": among.value, "rate": None, "mean": None}
    if won is not None and won.deviation:
        found["rate"] = _needs(won, rate)
    if net is not None and net.deviation:
        mean = needed_for_mean(numbers["mean_to_show"], net.deviation)
        found["mean"] = _needs(net, mean)
    return found


def _needs(one: Tested, independent: int) -> Document:
    error = one.deviation * math.sqrt(one.design_effect / one.events)
    return {
        "events": one.events,
        "deviation": one.deviation,
        "design_effect": one.design_effect,
        "independent": independent,
        "needed": math.ceil(independent * one.design_effect),
        "standard_error": error,
    }


def _estimate(found: Estimate) -> dict[str, float | None]:
    told: Mapping[str, float] = {
        "value": found.value,
        "low": found.low,
        "high": found.high,
    }
    return {k: v if math.isfinite(v) else None for k, v in told.items()}
