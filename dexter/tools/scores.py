"""blockbuster_score and predict: a results event scored, each score with its parts."""

from dataclasses import replace
from decimal import Decimal

from dexter.domain.alert import Blockbuster, Component, Prediction
from dexter.domain.company import Family
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Finding
from dexter.domain.results import SeasonPeer
from dexter.errors import PredictorError
from dexter.features.earnings import measure
from dexter.ml.blockbuster import MINIMUM_PEERS, score
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.features import (
    EventQuestion,
    scored_event,
    subject_of,
    vector_of,
)
from dexter.tools.statements import company_of

# A fictional market is small; its percentiles are illustrative and say so.
_FEWEST_PEERS_FICTIONAL = 3


async def blockbuster(arguments: EventQuestion, context: Context) -> Finding:
    """The equal-weight mean of within-season percentiles, with coverage."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(company.symbol, arguments.quarter, context)
    if event is None:
        return Finding(absences=(Absence(f"blockbuster of {company.name}", why),))
    rows = await context.runtime.filings.figures(company.symbol, context.as_of)
    measures = measure(rows, event.quarter, event.basis)
    family = company.family or Family.GENERAL
    fewest = _FEWEST_PEERS_FICTIONAL if context.runtime.fictional else MINIMUM_PEERS
    peers, among = await _peers(event.quarter, family, fewest, context)
    result = score(measures, peers, family, minimum_peers=fewest)
    return _scored(subject_of(company, event), result, among)


async def _peers(
    quarter: Quarter, family: Family, fewest: int, context: Context
) -> tuple[tuple[SeasonPeer, ...], str]:
    """The season so far; with the season before while too few have reported.

    Returns:
        The peers, and in words which seasons and family they are of.
    """
    season = context.runtime.filings.season
    peers, among = await season(quarter, context.as_of), str(quarter)
    if sum(peer.family == family for peer in peers) < fewest:
        before = quarter.previous
        peers += await season(before, context.as_of)
        among = f"{quarter} so far and {before}"
    return peers, f"{family.value} companies of {among}"


def _scored(subject: cite.Subject, result: Blockbuster, among: str) -> Finding:
    evidence: list[Evidence] = []
    components: dict[str, Component] = {}
    for name, part in result.components.items():
        cited = _component(subject, name, part, among)
        evidence += cited
        components[name] = replace(part, evidence=tuple(e.id for e in cited))
    if result.score is None:
        why = result.reason or "too little is known"
        absence = Absence(f"blockbuster of {subject.company}", why)
        return Finding(
            evidence=tuple(evidence),
            absences=(absence,),
            blockbuster=replace(result, components=components),
        )
    inputs = [e for e in evidence if e.name.endswith("_percentile")]
    evidence.append(
        cite.computed(
            subject,
            "blockbuster",
            result.score,
            Measure.SCORE,
            f"mean of {', '.join(e.name for e in inputs)}",
            inputs,
        )
    )
    return Finding(
        evidence=tuple(evidence),
        blockbuster=replace(result, components=components),
    )


def _component(
    subject: cite.Subject, name: str, part: Component, among: str
) -> list[Evidence]:
    if part.percentile is None:
        return []
    return [
        cite.computed(
            subject,
            f"{name}_percentile",
            part.percentile,
            Measure.PERCENTILE,
            f"percentile of {name} among {among}",
            (),
        )
    ]


async def predict(arguments: EventQuestion, context: Context) -> Finding:
    """The champion's calibrated probability, beside its base rate."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(company.symbol, arguments.quarter, context)
    if event is None:
        return Finding(absences=(Absence(f"prediction for {company.name}", why),))
    vector = await vector_of(event, context)
    try:
        prediction = await context.runtime.predictor.predict(vector)
    except PredictorError as error:
        absence = Absence(f"prediction for {company.name}", error.sentence)
        return Finding(absences=(absence,))
    prediction = replace(prediction, illustrative=context.runtime.fictional)
    return _predicted(subject_of(company, event), prediction, vector.coverage)


def _predicted(
    subject: cite.Subject, prediction: Prediction, coverage: float
) -> Finding:
    values = (
        ("probability", Measure.PROBABILITY, prediction.probability),
        ("base_rate", Measure.PROBABILITY, prediction.base_rate),
        ("feature_coverage", Measure.FRACTION, Decimal(repr(coverage))),
    )
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
    return Finding(evidence=evidence, prediction=prediction)


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
