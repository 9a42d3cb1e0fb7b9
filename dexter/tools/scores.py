"""blockbuster_score and predict: a results event scored, each score with its parts.

Both are as of the event's publication, so that a question, a daily run and a backtest
give an event the same scores whenever they are asked.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from dexter.domain.alert import IN_SAMPLE, Component, FeatureVector, Prediction
from dexter.domain.company import Company, Family
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.errors import PredictorError
from dexter.features.event import EventInputs, build
from dexter.ml.blockbuster import COMPONENTS, MEASURES, MINIMUM_PEERS
from dexter.ml.scored import Results, Scored, score
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import EventQuestion, inputs_of, scored_event, subject_of
from dexter.tools.measured import measured
from dexter.tools.statements import company_of
from dexter.tools.surprise import seen_by

# A fictional market is small; its percentiles are illustrative and say so.
_FEWEST_PEERS_FICTIONAL = 3


async def blockbuster(arguments: EventQuestion, context: Context) -> Finding:
    """The equal-weight mean of within-season percentiles, with coverage."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(
        company.symbol, arguments.quarter, context, revised=arguments.revised
    )
    if event is None:
        return Finding(absences=(Absence(f"blockbuster of {company.name}", why),))
    inputs = await inputs_of(event, context)
    vector = build(inputs)
    scored = await _score(company, event, vector, context)
    subject = subject_of(company, inputs)
    return _scored(subject, scored, _measures(subject, inputs, vector), vector.as_of)


async def _score(
    company: Company, event: QuarterFigures, vector: FeatureVector, context: Context
) -> Scored:
    season, seen = context.runtime.filings.season, seen_by(event, context)
    results = Results(
        company=company.symbol,
        family=company.family or Family.GENERAL,
        quarter=event.quarter,
        published_at=vector.as_of,
        measures={name: vector.features[name] for name in MEASURES},
    )
    return score(
        results,
        {q: await season(q, seen) for q in (event.quarter, event.quarter.previous)},
        _FEWEST_PEERS_FICTIONAL if context.runtime.fictional else MINIMUM_PEERS,
    )


def _measures(
    subject: cite.Subject, inputs: EventInputs, vector: FeatureVector
) -> dict[str, tuple[Evidence, ...]]:
    """Of each known measure its figures, then itself."""
    values = {name: vector.features[name].value for name in MEASURES}
    return {
        name: measured(subject, inputs, name, value)
        for name, value in values.items()
        if value is not None
    }


def _scored(
    subject: cite.Subject,
    scored: Scored,
    measures: Mapping[str, tuple[Evidence, ...]],
    moment: datetime,
) -> Finding:
    percentiles = _percentiles(subject, scored, measures, moment)
    result = replace(
        scored.blockbuster,
        components={
            name: _cited(part, [*percentiles.get(name, ()), *_own(name, measures)])
            for name, part in scored.blockbuster.components.items()
        },
    )
    below = [item for some in measures.values() for item in some]
    parts = [item for some in percentiles.values() for item in some]
    found = {item.id: item for item in (*below, *parts)}
    if result.score is None:
        why = result.reason or "too little is known"
        absence = Absence(f"blockbuster of {subject.company}", why)
        return Finding(tuple(found.values()), (absence,), blockbuster=result)
    total = cite.computed(
        subject,
        "blockbuster",
        result.score,
        Measure.SCORE,
        f"mean of {', '.join(item.name for item in parts)}",
        parts,
    )
    return Finding((*found.values(), total), blockbuster=result)


def _percentiles(
    subject: cite.Subject,
    scored: Scored,
    measures: Mapping[str, tuple[Evidence, ...]],
    moment: datetime,
) -> dict[str, tuple[Evidence]]:
    """Of each known component its percentile, over the measures that were ranked.

    Known from publication on, as its peers' results are.
    """
    found: dict[str, tuple[Evidence]] = {}
    for name, part in scored.blockbuster.components.items():
        if part.percentile is not None:
            item = cite.computed(
                subject,
                f"{name}_percentile",
                part.percentile,
                Measure.PERCENTILE,
                scored.formulas[name],
                [measures[m][-1] for m in scored.ranked[name]],
            )
            found[name] = (replace(item, known_at=moment).with_key(),)
    return found


def _own(
    component: str, measures: Mapping[str, tuple[Evidence, ...]]
) -> list[Evidence]:
    return [measures[m][-1] for m in COMPONENTS[component] if m in measures]


def _cited(part: Component, evidence: list[Evidence]) -> Component:
    value = None if part.value is None else cite.exact(part.value)
    return replace(part, value=value, evidence=tuple(e.id for e in evidence))


async def predict(arguments: EventQuestion, context: Context) -> Finding:
    """The champion's calibrated probability, beside its base rate."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(
        company.symbol, arguments.quarter, context, revised=arguments.revised
    )
    if event is None:
        return Finding(absences=(Absence(f"prediction for {company.name}", why),))
    inputs = await inputs_of(event, context)
    vector = build(inputs)
    try:
        prediction = await context.runtime.predictor.predict(vector)
    except PredictorError as error:
        absence = Absence(f"prediction for {company.name}", error.sentence)
        return Finding(absences=(absence,))
    prediction = replace(prediction, illustrative=context.runtime.fictional)
    return _predicted(subject_of(company, inputs), prediction, vector.coverage)


def _predicted(
    subject: cite.Subject, prediction: Prediction, coverage: float
) -> Finding:
    values = (
        ("probability", Measure.PROBABILITY, prediction.probability),
        ("base_rate", Measure.PROBABILITY, prediction.base_rate),
        ("feature_coverage", Measure.FRACTION, Decimal(repr(coverage))),
    )
    warning = f"The probability of {subject.company} is {IN_SAMPLE}."
    evidence = tuple(
        Evidence(
            id="",
            kind=EvidenceKind.PREDICTION,
            name=name,
            unit=unit,
            value=cite.exact(value),
            source=Derivation(f"{prediction.model_version}: {prediction.label}", ()),
            symbol=subject.symbol,
            company=subject.company,
            period=subject.period,
            basis=subject.basis,
        ).with_key()
        for name, unit, value in values
    )
    return Finding(
        evidence=evidence,
        prediction=prediction,
        warnings=(warning,) if prediction.in_sample else (),
    )


BLOCKBUSTER = Tool(
    name="blockbuster_score",
    description="Score a company's results 0 to 100: the mean of transparent "
    "within-season percentiles of surprise, growth, margin and quality, with coverage.",
    arguments=EventQuestion,
    run=blockbuster,
)
PREDICT = Tool(
    name="predict",
    description="The champion model's calibrated probability of an upper-circuit close "
    "within three sessions of publication, beside its base rate and its record.",
    arguments=EventQuestion,
    run=predict,
)
