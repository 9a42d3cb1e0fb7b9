"""blockbuster_score and predict: a results event scored, each score with its parts.

Both are as of the event's publication, so that a question, a daily run and a backtest
give an event the same scores whenever they are asked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from dexter.domain.alert import IN_SAMPLE, Component, FeatureVector, Prediction
from dexter.domain.company import Company, Family
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure, Source
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.errors import PredictorError
from dexter.features.event import EventInputs, build, known_of
from dexter.ml.blockbuster import COMPONENTS, MEASURES, MINIMUM_PEERS
from dexter.ml.scored import Among, Results, Scored, score
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import EventQuestion, inputs_of, scored_event, subject_of
from dexter.tools.features import grounded
from dexter.tools.grounds import Grounds
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
            name: _cited(part, [*percentiles.get(name, ())[-1:], *_own(name, measures)])
            for name, part in scored.blockbuster.components.items()
        },
    )
    below = [item for some in measures.values() for item in some]
    parts = [some[-1] for some in percentiles.values()]
    ranks = [item for some in percentiles.values() for item in some]
    found = {item.id: item for item in (*below, *ranks)}
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
) -> dict[str, tuple[Evidence, ...]]:
    """Of each known component its peers, then its percentile over what was ranked.

    Known from publication on, as its peers' results are.
    """
    found: dict[str, tuple[Evidence, ...]] = {}
    for name, part in scored.blockbuster.components.items():
        if part.percentile is not None:
            peers = _peers(subject, scored.among[name], moment)
            item = cite.computed(
                subject,
                f"{name}_percentile",
                part.percentile,
                Measure.PERCENTILE,
                scored.formulas[name],
                [*(measures[m][-1] for m in scored.ranked[name]), *peers],
            )
            found[name] = (*peers, replace(item, known_at=moment).with_key())
    return found


def _peers(
    subject: cite.Subject, among: Sequence[Among], moment: datetime
) -> tuple[Evidence, ...]:
    """How many others each measure of a component was ranked among, and where."""
    return tuple(
        Evidence(
            id="",
            kind=EvidenceKind.COMPUTED,
            name=f"{one.measure}_peers",
            unit=Measure.COUNT,
            value=Decimal(one.companies),
            source=Source(
                document="results of every company",
                row=f"{one.quarter}, {one.family.value}",
                column=one.measure,
            ),
            symbol=subject.symbol,
            company=subject.company,
            period=subject.period,
            known_at=moment,
        ).with_key()
        for one in among
    )


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
    grounds = Grounds(subject_of(company, inputs), inputs, known_of(inputs))
    return _predicted(grounds, prediction, vector)


def _predicted(
    grounds: Grounds, prediction: Prediction, vector: FeatureVector
) -> Finding:
    subject = grounds.subject
    model = _model(prediction)
    given = {name: grounded(grounds, vector, name) for name in prediction.weighing}
    label, speaker = prediction.label, prediction.model
    weighing = [some[-1] for some in given.values()]
    most = f"; of its features the {len(given)} that weigh most" if given else ""
    said = (
        _said(
            subject,
            ("probability", Measure.PROBABILITY, prediction.probability),
            f"{label} by {speaker}{most}",
            [*model, *weighing],
            vector.as_of,
        ),
        _said(
            subject,
            ("base_rate", Measure.PROBABILITY, prediction.base_rate),
            f"share of {label} among the events its model was judged on: {speaker}",
            model,
            None,
        ),
        _said(
            subject,
            ("feature_coverage", Measure.FRACTION, Decimal(repr(vector.coverage))),
            f"known features / features of catalogue {vector.catalogue_hash}",
            (),
            vector.as_of,
        ),
    )
    below = {one.id: one for some in given.values() for one in some}
    warning = f"The probability of {subject.company} is {IN_SAMPLE}."
    return Finding(
        evidence=(*model, *below.values(), *said),
        prediction=prediction,
        warnings=(warning,) if prediction.in_sample else (),
    )


def _model(prediction: Prediction) -> tuple[Evidence, ...]:
    """Which model speaks, and until when it learned: lines of its manifest."""
    until, version = prediction.trained_until, prediction.model_version
    lines = [("version", version, Measure.TEXT)]
    if until is not None:
        lines.append(("trained_until", until.isoformat(), Measure.DATE))
    return tuple(
        Evidence(
            id="",
            kind=EvidenceKind.FACT,
            name=f"model_{name}",
            unit=unit,
            value=None,
            text=text,
            source=Source(document=f"models/{version}/manifest.json", row=name),
            reason="a model kept here, not something published",
        ).with_key()
        for name, text, unit in lines
    )


def _said(
    subject: cite.Subject,
    what: tuple[str, Measure, Decimal],
    formula: str,
    inputs: Sequence[Evidence],
    known_at: datetime | None,
) -> Evidence:
    name, unit, value = what
    return Evidence(
        id="",
        kind=EvidenceKind.PREDICTION,
        name=name,
        unit=unit,
        value=cite.exact(value),
        source=Derivation(formula, tuple(one.id for one in inputs)),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=known_at,
    ).with_key()


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
