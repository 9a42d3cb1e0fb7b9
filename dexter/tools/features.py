"""compute_features and vcp: a company as it stood when its results became public."""

from dataclasses import replace
from decimal import Decimal

from dexter.domain.alert import FeatureVector, VolatilityContraction
from dexter.domain.company import Company
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.features.bars import WINDOW, visible_bars
from dexter.features.event import (
    MARKET_INDEX,
    VOLATILITY_INDEX,
    EventInputs,
    build,
)
from dexter.features.vcp import contraction_pattern
from dexter.tools import cite
from dexter.tools.base import Arguments, QuarterText, Symbol, Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.statements import company_of
from dexter.tools.surprise import SCORE_BASIS, published, seen_by


class EventQuestion(Arguments):
    """Whose results, in which quarter (null: the newest visible)."""

    symbol: Symbol
    quarter: QuarterText | None = None


async def scored_event(
    symbol: str, text: str | None, context: Context
) -> tuple[QuarterFigures | None, str]:
    """The event scores are made for: one basis (standalone) where it has one.

    Returns:
        The figures and an empty string, or none and the reason.
    """
    rows = await context.runtime.filings.figures(symbol, context.as_of)
    if not rows:
        return None, "no figures are visible"
    quarter = Quarter.parse(text) if text else max(r.quarter for r in rows)
    event = await published(symbol, quarter, SCORE_BASIS, context)
    event = event or await published(symbol, quarter, None, context)
    if event is None:
        return None, f"the publication time of the {quarter} results is unknown"
    return event, ""


async def vector_of(event: QuarterFigures, context: Context) -> FeatureVector:
    """Every feature of an event, from what was visible when it was published."""
    return build(await inputs_of(event, context))


async def inputs_of(event: QuarterFigures, context: Context) -> EventInputs:
    """The prices, indices and figures visible at an event's publication."""
    seen: AsOf = seen_by(event, context)
    prices = context.runtime.prices
    return EventInputs(
        symbol=event.symbol,
        published_at=seen.moment,
        quarter=event.quarter,
        basis=event.basis,
        prices=await prices.history(event.symbol, seen, WINDOW),
        market=await prices.index(MARKET_INDEX, seen, WINDOW),
        vix=await prices.index(VOLATILITY_INDEX, seen, WINDOW),
        figures=await context.runtime.filings.figures(event.symbol, seen),
    )


def subject_of(company: Company, event: QuarterFigures) -> cite.Subject:
    """What evidence about an event speaks of."""
    return cite.Subject(company.symbol, company.name, str(event.quarter), event.basis)


async def run(arguments: EventQuestion, context: Context) -> Finding:
    """Every known feature as evidence, every unknown one as an absence."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(company.symbol, arguments.quarter, context)
    if event is None:
        return Finding(absences=(Absence(f"features of {company.name}", why),))
    vector = await vector_of(event, context)
    subject = subject_of(company, event)
    evidence = tuple(
        _feature(subject, vector, name, Decimal(repr(feature.value)), feature.unit)
        for name, feature in vector.features.items()
        if feature.value is not None
    )
    absences = tuple(
        Absence(f"{name} of {company.name}", feature.reason or "not known")
        for name, feature in vector.features.items()
        if feature.value is None
    )
    return Finding(evidence=evidence, absences=absences)


def _feature(
    subject: cite.Subject, vector: FeatureVector, name: str, value: Decimal, unit: str
) -> Evidence:
    return Evidence(
        id="",
        kind=EvidenceKind.COMPUTED,
        name=name,
        unit=Measure(unit),
        value=cite.exact(value),
        source=Derivation(f"feature {name}, catalogue {vector.catalogue_hash}", ()),
        symbol=subject.symbol,
        company=subject.company,
        period=subject.period,
        basis=subject.basis,
        known_at=vector.as_of,
    ).with_key()


async def vcp(arguments: EventQuestion, context: Context) -> Finding:
    """The volatility contraction before the results, with its parts as evidence."""
    company = await company_of(arguments.symbol, context)
    event, why = await scored_event(company.symbol, arguments.quarter, context)
    if event is None:
        return Finding(absences=(Absence(f"VCP of {company.name}", why),))
    inputs = await inputs_of(event, context)
    what = f"VCP of {company.name}"
    if inputs.prices is None:
        return Finding(absences=(Absence(what, "no bars are kept here"),))
    found = contraction_pattern(visible_bars(inputs.prices, inputs.published_at))
    if isinstance(found, str):
        return Finding(absences=(Absence(what, found),))
    evidence = _pattern(subject_of(company, event), found, inputs)
    why = "a base, but not the whole pattern, stood before the results"
    missing = () if found.passed else (Absence(f"vcp_stood of {company.name}", why),)
    return Finding(evidence=evidence, absences=missing, vcp=_cited(found, evidence))


def _pattern(
    subject: cite.Subject, found: VolatilityContraction, inputs: EventInputs
) -> tuple[Evidence, ...]:
    parts: list[tuple[str, Measure, Decimal | None]] = [
        ("vcp_contractions", Measure.COUNT, Decimal(found.contractions)),
        ("vcp_template_passed", Measure.COUNT, Decimal(found.template_passed)),
        ("vcp_volume_dry_up", Measure.RATIO, found.volume_dry_up),
        ("vcp_pivot", Measure.RUPEES_PER_SHARE, found.pivot),
        (
            "vcp_last_depth",
            Measure.FRACTION,
            found.depths[-1] if found.depths else None,
        ),
        # Only where the whole pattern stood, so that a ranking holds nothing else.
        (
            "vcp_stood",
            Measure.COUNT,
            Decimal(found.contractions) if found.passed else None,
        ),
    ]
    source = Derivation("volatility contraction before publication", ())
    return tuple(
        Evidence(
            id="",
            kind=EvidenceKind.COMPUTED,
            name=name,
            unit=unit,
            value=cite.exact(value),
            source=source,
            symbol=subject.symbol,
            company=subject.company,
            period=subject.period,
            known_at=inputs.published_at,
        ).with_key()
        for name, unit, value in parts
        if value is not None
    )


def _cited(
    found: VolatilityContraction, evidence: tuple[Evidence, ...]
) -> VolatilityContraction:
    return replace(found, evidence=tuple(e.id for e in evidence))


FEATURES = Tool(
    name="compute_features",
    description="Every catalogued feature of a company as of the publication of its "
    "results: technical, financial, earnings, seasonality, liquidity, regime, pattern.",
    arguments=EventQuestion,
    run=run,
)
VCP = Tool(
    name="vcp",
    description="Whether a volatility contraction pattern stood before a company's "
    "results: contractions, trend template, volume dry-up, pivot. Descriptive only.",
    arguments=EventQuestion,
    run=vcp,
)
