"""A measure of a quarter as evidence over the figures it was computed from."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from dexter.domain.evidence import Evidence, Measure
from dexter.domain.results import QuarterFigures
from dexter.features.catalogue import BY_NAME
from dexter.features.event import EventInputs
from dexter.features.quarters import figures_alone
from dexter.tools import cite
from dexter.tools.surprise import MEASURES, quarters_read


def measured(
    subject: cite.Subject, inputs: EventInputs, name: str, value: float
) -> tuple[Evidence, ...]:
    """The figures behind a measure of the event's quarter, then the measure itself.

    Args:
        subject: Who and which quarter it is of.
        inputs: What was visible at publication; the figures are found in it.
        name: A feature made of figures alone.
        value: What it came to.
    """
    unit, formula, fields = _declared(name)
    figures = tuple(_figures(subject, inputs, name, fields))
    exact = Decimal(repr(float(value)))
    return *figures, cite.computed(subject, name, exact, unit, formula, figures)


def _declared(name: str) -> tuple[Measure, str, tuple[str, ...]]:
    """As ``earnings_surprise`` declares it, so that one measure is one evidence."""
    if name in MEASURES:
        return MEASURES[name]
    spec = BY_NAME[name]
    return spec.unit, spec.formula, spec.inputs


def _figures(
    subject: cite.Subject, inputs: EventInputs, name: str, fields: tuple[str, ...]
) -> Iterator[Evidence]:
    known = figures_alone(
        inputs.figures, inputs.quarter, inputs.basis, inputs.published_at
    )
    by_quarter: Mapping[object, QuarterFigures] = {
        one.quarter: one for one in inputs.figures if one.basis is inputs.basis
    }
    for back in quarters_read(name, known):
        one = by_quarter.get(inputs.quarter.shift(-back))
        for field in fields:
            if one is not None and field in cite.FIGURES:
                found = cite.from_figures(subject, one, field)
                if found is not None:
                    yield found
