"""The volatility contraction pattern of one row, told for people."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import numpy as np

from dexter.domain.alert import VolatilityContraction
from dexter.features.contraction import NO_BASE, WEIGHTS, Patterns, patterns
from dexter.features.known import Asked, Known
from dexter.features.moments import day_of
from dexter.features.template import POINTS, YEAR
from dexter.features.windows import View

_PLACES = Decimal("0.0001")
_MARKS = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Contraction:
    """One fall of a base; prices are rupees as adjusted at the last bar.

    Each turn is known only from its confirmation on.
    """

    high_day: date
    high_known: date
    high: float
    low_day: date
    low_known: date
    low: float

    @property
    def depth(self) -> float:
        """(high - low) / high, per one."""
        return (self.high - self.low) / self.high


@dataclass(frozen=True, slots=True)
class Base:
    """A run of shrinking contractions at the last bar, and what was found of it.

    ``template`` has the points by name, those unknown left out. ``score`` is 0–100,
    ``parts`` the points each part gave of those it could (``WEIGHTS``), those unknown
    left out.
    """

    contractions: tuple[Contraction, ...]
    passed: bool
    template: dict[str, bool]
    volume_dry_up: float | None
    pivot: float
    pivot_distance: float
    risk: float | None
    breakout: bool | None
    score: float
    parts: dict[str, float]

    @property
    def broken(self) -> bool:
        """Whether the close is below the last low: what stood, stands no more."""
        return self.risk is None

    def told(self) -> VolatilityContraction:
        """The same as a value of the domain, without evidence."""
        falls = self.contractions
        dry_up = self.volume_dry_up
        return VolatilityContraction(
            passed=self.passed,
            contractions=len(falls),
            depths=tuple(_decimal(fall.depth) for fall in falls),
            template_passed=sum(self.template.values()),
            template_total=len(self.template),
            volume_dry_up=None if dry_up is None else _decimal(dry_up),
            pivot=_decimal(self.pivot),
            evidence=(),
            score=_decimal(self.score, _MARKS),
            breakout=self.breakout,
            high_days=tuple(fall.high_day for fall in falls),
            low_days=tuple(fall.low_day for fall in falls),
        )


def contraction_pattern(known: Known, row: int) -> Base | str:
    """Describe the base at a row's last bar, or say why it cannot be described.

    Args:
        known: What was visible.
        row: Which of its rows.

    Returns:
        The base, ``passed`` where the whole pattern stands; otherwise a reason: too
        little history, or no base at all.
    """
    one = _only(known, row)
    for absent, reason in one.fewer_than(YEAR):
        if absent[0]:
            return reason
    view = View.of(one)
    found = patterns(one, view)
    if not found.contractions[0]:
        return NO_BASE
    points = dict(zip(POINTS, found.points[0].tolist(), strict=True))
    parts = dict(zip(WEIGHTS, found.parts[0].tolist(), strict=True))
    return Base(
        contractions=_contractions(found, view),
        passed=bool(found.passed[0]),
        template={name: hit == 1 for name, hit in points.items() if np.isfinite(hit)},
        volume_dry_up=_number(found.dry_up[0]),
        pivot=float(found.pivot[0]),
        pivot_distance=float(found.pivot_distance[0]),
        risk=_number(found.risk[0]),
        breakout=None if np.isnan(found.breakout[0]) else bool(found.breakout[0]),
        score=float(found.score[0]),
        parts={n: WEIGHTS[n] * part for n, part in parts.items() if np.isfinite(part)},
    )


def _only(known: Known, row: int) -> Known:
    """One row of what was visible."""
    part = slice(row, row + 1)
    asked = known.asked
    return replace(
        known,
        asked=Asked(asked.company[part], asked.moment[part], asked.quarter[part]),
        day=known.day[part],
        minute=known.minute[part],
        first=known.first[part],
        end=known.end[part],
        no_bars=tuple((mask[part], reason) for mask, reason in known.no_bars),
    )


def _contractions(found: Patterns, view: View) -> tuple[Contraction, ...]:
    bars = view.bars
    factor = float(view.back(bars.factor)[0])
    return tuple(
        Contraction(
            high_day=day_of(bars.day[high]),
            high_known=day_of(bars.day[high_known]),
            high=float(bars.high[high]) / factor,
            low_day=day_of(bars.day[low]),
            low_known=day_of(bars.day[low_known]),
            low=float(bars.low[low]) / factor,
        )
        for high, high_known, low, low_known in found.bars[
            0, : found.contractions[0]
        ].tolist()
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _decimal(value: float, places: Decimal = _PLACES) -> Decimal:
    return Decimal(str(value)).quantize(places)
