"""The conditions of a rule, each held against an alert's typed fields.

What is not known meets no condition, and says that, or why, it is not known.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from dexter.domain.alert import Alert, Confidence, Demonstrated
from dexter.domain.filing import Grade
from dexter.operating import Rule

_FINEST = 9
_LONGEST = 160


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a company beside its alert.

    Args:
        turnover: Rupees a day, the median of 20 sessions; null where it is not known.
        watched: Whether the operator watches it.
    """

    turnover: Decimal | None
    watched: bool


@dataclass(frozen=True, slots=True)
class Look:
    """One condition held against one alert.

    Args:
        wants: The condition in words: ``blockbuster 60``.
        says: What was found, in words: ``blockbuster 55 is below 60``.
        gap: How far off, to 1 for what is not known; null where it holds.
    """

    wants: str
    says: str
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class _Unit:
    """How a number is written: times so much, between these, to so many places."""

    times: Decimal
    before: str
    after: str
    places: int

    def write(self, value: Decimal, beside: Decimal) -> str:
        """A number, fine enough to stand on the right side of another one."""
        for places in range(self.places, _FINEST):
            cut = value * self.times
            cut = cut.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
            if (cut < beside * self.times) == (value < beside):
                return self._framed(cut)
        return self._framed(value * self.times)

    def _framed(self, value: Decimal) -> str:
        digits = f"{value:f}"
        short = digits.rstrip("0").rstrip(".") if "." in digits else digits
        return f"{self.before}{short}{self.after}"


_POINTS = _Unit(Decimal(1), "", "", 1)
_PERCENT = _Unit(Decimal(100), "", "%", 1)
_CRORE = _Unit(Decimal("1e-7"), "₹", " crore a day", 2)


def looks(rule: Rule, alert: Alert, facts: Facts) -> Iterator[Look]:
    """Every condition of a rule held against an alert, in the order of the file."""
    for name, look in _LOOKS:
        wanted = getattr(rule, name)
        if wanted is not None:
            yield look(wanted, alert, facts)


def _blockbuster(least: Decimal, alert: Alert, _: Facts) -> Look:
    found = alert.blockbuster
    return _least("blockbuster", found.score, least, _POINTS, found.reason)


def _coverage(least: Decimal, alert: Alert, _: Facts) -> Look:
    return _least("coverage", alert.blockbuster.coverage, least, _PERCENT)


def _probability(least: Decimal, alert: Alert, _: Facts) -> Look:
    if alert.prediction is None:
        return _unpredicted(f"probability {_PERCENT.write(least, least)}", alert)
    return _least("probability", alert.prediction.probability, least, _PERCENT)


def _confidence(least: Confidence, alert: Alert, _: Facts) -> Look:
    if alert.prediction is None:
        return _unpredicted(f"confidence {least}", alert)
    found = alert.prediction.confidence
    return _ranked("confidence", found, least, tuple(Confidence)[::-1])


def _grade(least: Grade, alert: Alert, _: Facts) -> Look:
    return _ranked("grade", alert.data_grade, least, tuple(Grade))


def _grades(these: tuple[Grade, ...], alert: Alert, _: Facts) -> Look:
    wants = f"grade {' or '.join(these)}"
    if alert.data_grade in these:
        return Look(wants, f"grade {alert.data_grade}")
    return Look(wants, f"grade {alert.data_grade} is not {' or '.join(these)}", 1)


def _edge(_: str, alert: Alert, __: Facts) -> Look:
    found = alert.prediction.edge if alert.prediction else None
    return _demonstrated("edge", alert, found)


def _skill(_: str, alert: Alert, __: Facts) -> Look:
    found = alert.prediction.skill if alert.prediction else None
    return _demonstrated("skill", alert, found)


def _turnover(least: Decimal, _: Alert, facts: Facts) -> Look:
    return _least("turnover", facts.turnover, least, _CRORE)


def _watched(wanted: bool, _: Alert, facts: Facts) -> Look:  # noqa: FBT001 - a condition
    says = "it is watched" if facts.watched else "it is not watched"
    wants = "to be watched" if wanted else "not to be watched"
    return Look(wants, says, None if facts.watched is wanted else 1)


_LOOKS: tuple[tuple[str, Callable[[Any, Alert, Facts], Look]], ...] = (
    ("blockbuster", _blockbuster),
    ("coverage", _coverage),
    ("probability", _probability),
    ("confidence", _confidence),
    ("grade", _grade),
    ("grades", _grades),
    ("edge", _edge),
    ("skill", _skill),
    ("turnover", _turnover),
    ("watched", _watched),
)


def _least(
    name: str,
    value: Decimal | None,
    least: Decimal,
    unit: _Unit,
    why: str | None = None,
) -> Look:
    bound = unit.write(least, least)
    wants = f"{name} {bound}"
    if value is None:
        return Look(wants, f"{name} is not known{_because(why)}", 1)
    written = unit.write(value, least)
    if value >= least:
        return Look(wants, f"{name} {written}")
    gap = float((least - value) / (least or 1))
    return Look(wants, f"{name} {written} is below {bound}", gap)


def _ranked(name: str, value: str, least: str, best_first: Sequence[str]) -> Look:
    wants = f"{name} {least}"
    if value not in best_first:
        return Look(wants, f"{name} {value} is none of {', '.join(best_first)}", 1)
    steps = best_first.index(value) - best_first.index(least)
    if steps <= 0:
        return Look(wants, f"{name} {value}")
    return Look(wants, f"{name} {value} is below {least}", steps / len(best_first))


def _demonstrated(name: str, alert: Alert, found: Demonstrated | None) -> Look:
    wants = f"{name} demonstrated"
    if found is None:
        return _unpredicted(wants, alert)
    if found is Demonstrated.YES:
        return Look(wants, wants)
    return Look(wants, f"{name} is not demonstrated", 1)


def _unpredicted(wants: str, alert: Alert) -> Look:
    why = _because(alert.prediction_reason)
    return Look(wants, f"there is no prediction{why}", 1)


def _because(why: str | None) -> str:
    plain = " ".join((why or "").split()).rstrip(".")
    cut = plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"
    return f" ({cut})" if cut else ""
