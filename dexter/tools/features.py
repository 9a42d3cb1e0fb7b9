"""compute_features: a company when its results became public, or as it stands now."""

from decimal import Decimal
from typing import Literal

from dexter.domain.alert import FeatureVector
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.features.catalogue import BY_NAME
from dexter.features.event import EventInputs, build, known_of
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import (
    EventQuestion,
    inputs_now,
    inputs_of,
    scored_event,
    subject_of,
)
from dexter.tools.grounds import Grounds
from dexter.tools.statements import company_of

DIGITS = 12
"""Significant digits a feature keeps: fewer than two machines may differ in."""


class FeatureQuestion(EventQuestion):
    """As an event; ``now`` asks for the run's own moment in place of publication."""

    moment: Literal["publication", "now"] = "publication"


async def vector_of(event: QuarterFigures, context: Context) -> FeatureVector:
    """Every feature of an event, from what was visible when it was published."""
    return build(await inputs_of(event, context))


async def run(arguments: FeatureQuestion, context: Context) -> Finding:
    """Every known feature as evidence over its inputs, every unknown one as absence."""
    company = await company_of(arguments.symbol, context)
    inputs = await asked_inputs(company.symbol, arguments, context)
    if isinstance(inputs, str):
        return Finding(absences=(Absence(f"features of {company.name}", inputs),))
    return _finding(subject_of(company, inputs), inputs)


async def asked_inputs(
    symbol: str, arguments: FeatureQuestion, context: Context
) -> EventInputs | str:
    """What was visible at the moment asked for, or why there is no such moment."""
    if arguments.moment == "now":
        return await inputs_now(symbol, context)
    event, why = await scored_event(
        symbol, arguments.quarter, context, revised=arguments.revised
    )
    return why if event is None else await inputs_of(event, context)


def _finding(subject: cite.Subject, inputs: EventInputs) -> Finding:
    vector = build(inputs)
    grounds = Grounds(subject, inputs, known_of(inputs))
    evidence: dict[str, Evidence] = {}
    absences: list[Absence] = []
    for name, feature in vector.features.items():
        if feature.value is None:
            why = feature.reason or "not known"
            absences.append(Absence(f"{name} of {subject.company}", why))
            continue
        evidence |= {one.id: one for one in grounded(grounds, vector, name)}
    return Finding(evidence=tuple(evidence.values()), absences=tuple(absences))


def grounded(
    grounds: Grounds, vector: FeatureVector, name: str
) -> tuple[Evidence, ...]:
    """What a known feature was computed from, then the feature itself."""
    below = grounds.of(BY_NAME[name])
    return *below, _feature(grounds.subject, vector, name, below)


def _feature(
    subject: cite.Subject,
    vector: FeatureVector,
    name: str,
    below: tuple[Evidence, ...],
) -> Evidence:
    spec, value = BY_NAME[name], vector.features[name].value
    source = f", source: {spec.source}" if spec.source else ""
    formula = (
        f"{name} = {spec.formula} (looking back {spec.look_back}; catalogue "
        f"{vector.catalogue_hash}{source})"
    )
    return Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=Measure(spec.unit),
        value=None if value is None else Decimal(f"{value:.{DIGITS}g}"),
        source=Derivation(formula, tuple(item.id for item in below)),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=vector.as_of,
    ).with_key()


FEATURES = Tool(
    name="compute_features",
    description="Every catalogued feature of a company as of the publication of its "
    "results (or, with moment now, of this moment): technical, financial, earnings, "
    "sentiment, seasonality, liquidity, regime, pattern.",
    arguments=FeatureQuestion,
    run=run,
)
