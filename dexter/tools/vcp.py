"""vcp: the volatility contraction before a company's results, or as it stands now."""

from dataclasses import replace
from decimal import Decimal

from dexter.domain.alert import VolatilityContraction
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding
from dexter.features.catalogue import BY_NAME
from dexter.features.event import EventInputs, known_of
from dexter.features.vcp import Base, contraction_pattern
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import subject_of
from dexter.tools.features import FeatureQuestion, asked_inputs
from dexter.tools.grounds import Grounds
from dexter.tools.statements import company_of

_CLOSE = BY_NAME["vcp_score"]


async def run(arguments: FeatureQuestion, context: Context) -> Finding:
    """The base with its parts as evidence over the bars it was found in."""
    company = await company_of(arguments.symbol, context)
    what = f"VCP of {company.name}"
    inputs = await asked_inputs(company.symbol, arguments, context)
    if isinstance(inputs, str):
        return Finding(absences=(Absence(what, inputs),))
    if inputs.prices is None:
        return Finding(absences=(Absence(what, "no bars are kept here"),))
    known = known_of(inputs)
    base = contraction_pattern(known, 0)
    if isinstance(base, str):
        return Finding(absences=(Absence(what, base),))
    subject = subject_of(company, inputs)
    bars = Grounds(subject, inputs, known).of(_CLOSE)
    found = base.told()
    evidence = tuple(_evidence(subject, base, found, inputs, bars))
    why = "a base, but not the whole pattern, stood then"
    missing = () if found.passed else (Absence(f"vcp_stood of {company.name}", why),)
    return Finding(
        evidence=(*bars, *evidence),
        absences=missing,
        vcp=replace(found, evidence=tuple(e.id for e in evidence)),
    )


def _evidence(
    subject: cite.Subject,
    base: Base,
    found: VolatilityContraction,
    inputs: EventInputs,
    bars: tuple[Evidence, ...],
) -> list[Evidence]:
    falls = "; ".join(
        f"{fall.depth:.1%} from {fall.high_day} to {fall.low_day}"
        for fall in base.contractions
    )
    formula = f"volatility contraction by {_CLOSE.source}: {falls}"
    source = Derivation(formula, tuple(item.id for item in bars))
    return [
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
        for name, unit, value in _parts(found)
        if value is not None
    ]


def _parts(
    found: VolatilityContraction,
) -> tuple[tuple[str, Measure, Decimal | None], ...]:
    return (
        ("vcp_contractions", Measure.COUNT, Decimal(found.contractions)),
        ("vcp_template_passed", Measure.COUNT, Decimal(found.template_passed)),
        ("vcp_volume_dry_up", Measure.RATIO, found.volume_dry_up),
        ("vcp_pivot", Measure.RUPEES_PER_SHARE, found.pivot),
        ("vcp_score", Measure.SCORE, found.score),
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
    )


VCP = Tool(
    name="vcp",
    description="Whether a volatility contraction pattern stood before a company's "
    "results (or, with moment now, stands at this moment): contractions, trend "
    "template, volume dry-up, pivot. Descriptive only.",
    arguments=FeatureQuestion,
    run=run,
)
