"""An alert's scores as rows of a card; one that is absent says why."""

from collections.abc import Iterator

from dexter.alerts.card_shape import Part, Row, shown
from dexter.domain.alert import (
    IN_SAMPLE,
    Alert,
    Blockbuster,
    Component,
    Demonstrated,
    Prediction,
    VolatilityContraction,
)
from dexter.domain.numerals import grouped, percent

_EVENTS = {"upper_circuit_3d": "P(upper circuit within 3 sessions)"}
_UNTOLD = "no reason was recorded"
_RECORD = {Demonstrated.YES: "demonstrated", Demonstrated.NO: "not demonstrated"}


def facts(alert: Alert) -> tuple[Row, ...]:
    """Every score of an alert, the record beside it, and the grade of its data."""
    return (
        _blockbuster(alert.blockbuster),
        _probability(alert),
        _base(alert),
        Row("Data grade", shown(alert.data_grade)),
    )


def _absent(reason: str | None) -> str:
    return f"none: {shown(reason or '') or _UNTOLD}"


def _blockbuster(score: Blockbuster) -> Row:
    parts = tuple(_part(name, one) for name, one in score.components.items())
    if score.score is None:
        return Row("Blockbuster", _absent(score.reason), parts=parts)
    coverage = percent(score.coverage, signed=False)
    said = f"{grouped(score.score, 0)} of 100, coverage {coverage} of its parts"
    return Row("Blockbuster", said, parts=parts)


def _part(name: str, one: Component) -> Part:
    if one.percentile is None:
        why = shown(one.reason or "") or _UNTOLD
        return Part(shown(name), None, f"unknown: {why}")
    return Part(shown(name), one.percentile, f"percentile {grouped(one.percentile, 0)}")


def _probability(alert: Alert) -> Row:
    found = alert.prediction
    if found is None:
        return Row("P(upper circuit)", _absent(alert.prediction_reason))
    name = _EVENTS.get(found.label) or f"P({shown(found.label).replace('_', ' ')})"
    said = f"{percent(found.probability, signed=False)}, confidence "
    return Row(name, said + found.confidence.value, notes=tuple(_record(found)))


def _record(found: Prediction) -> Iterator[str]:
    low, high = (percent(bound, signed=False) for bound in found.interval)
    base = percent(found.base_rate, signed=False)
    yield f"base rate {base}, interval {low} to {high}"
    yield f"skill {_RECORD[found.skill]}, edge {_RECORD[found.edge]}"
    yield f"model {shown(found.model)}, {found.basis.value} inputs"
    if found.illustrative:
        yield "illustrative: its inputs are invented"
    if found.in_sample:
        yield IN_SAMPLE


def _base(alert: Alert) -> Row:
    found = alert.vcp
    if found is None:
        return Row("VCP", _absent(alert.vcp_reason))
    verdict = "stood" if found.passed else "did not stand"
    return Row("VCP", f"{verdict} before the results", notes=tuple(_shape(found)))


def _shape(found: VolatilityContraction) -> Iterator[str]:
    depths = ", ".join(percent(depth, signed=False) for depth in found.depths)
    number = _counted(found.contractions, "contraction")
    template = f"template {found.template_passed} of {found.template_total}"
    yield ", ".join([f"{number} ({depths})" if depths else number, template])


def _counted(number: int, what: str) -> str:
    """A count and what is counted: 1 contraction, 2 contractions."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
