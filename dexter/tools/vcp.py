"""vcp: the volatility contraction before a company's results, or as it stands now."""

from dataclasses import replace
from decimal import Decimal

from dexter.domain.alert import VolatilityContraction
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind, Measure
from dexter.domain.research import Absence, Finding
from dexter.features.catalogue import BY_NAME
from dexter.features.event import known_of
from dexter.features.vcp import Base, Contraction, contraction_pattern
from dexter.tools import cite
from dexter.tools.base import Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.events import subject_of
from dexter.tools.features import FeatureQuestion, asked_inputs
from dexter.tools.grounds import Grounds
from dexter.tools.statements import company_of

_CLOSE = BY_NAME["vcp_score"]
_LAST_DEPTH = "vcp_last_depth"


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
    grounds = Grounds(subject, inputs, known)
    bars = grounds.of(_CLOSE)
    turns = tuple(turn for fall in base.contractions for turn in _turns(grounds, fall))
    found = base.told()
    evidence = tuple(_evidence(grounds, base, found, bars, turns))
    why = _lacking(base)
    missing = () if found.passed else (Absence(f"vcp_stood of {company.name}", why),)
    return Finding(
        evidence=(*bars, *turns, *evidence),
        absences=missing,
        vcp=replace(found, evidence=tuple(e.id for e in evidence)),
    )


def _turns(grounds: Grounds, fall: Contraction) -> tuple[Evidence, ...]:
    """The bars a fall went from and to."""
    ends = (("high", fall.high_day), ("low", fall.low_day))
    found = (grounds.bar_of(name, day) for name, day in ends)
    return tuple(item for item in found if item is not None)


def _lacking(base: Base) -> str:
    """Why the whole pattern did not stand."""
    if base.broken:
        low = base.contractions[-1].low_day
        return f"no base stood then: the close was below its last low, of {low}"
    return "a base, but not the whole pattern, stood then"


def _evidence(
    grounds: Grounds,
    base: Base,
    found: VolatilityContraction,
    bars: tuple[Evidence, ...],
    turns: tuple[Evidence, ...],
) -> list[Evidence]:
    subject = grounds.subject
    falls = [
        f"{fall.depth:.1%} from {fall.high_day} to {fall.low_day}"
        for fall in base.contractions
    ]
    whole = f"volatility contraction by {_CLOSE.source}: {'; '.join(falls)}"
    last = f"(high − low) / high, adjusted for splits and bonus: {falls[-1]}"
    return [
        Evidence(
            id="",
            kind=EvidenceKind.COMPUTED,
            name=name,
            unit=unit,
            value=cite.exact(value),
            source=Derivation(last, tuple(item.id for item in turns[-2:]))
            if name == _LAST_DEPTH
            else Derivation(whole, tuple(item.id for item in (*bars, *turns))),
            symbol=subject.symbol,
            company=subject.company,
            period=subject.period,
            known_at=grounds.inputs.published_at,
        ).with_key()
        for name, unit, value in _parts(base, found)
        if value is not None
    ]


def _parts(
    base: Base, found: VolatilityContraction
) -> tuple[tuple[str, Measure, Decimal | None], ...]:
    return (
        ("vcp_contractions", Measure.COUNT, Decimal(found.contractions)),
        ("vcp_template_passed", Measure.COUNT, Decimal(found.template_passed)),
        ("vcp_volume_dry_up", Measure.RATIO, found.volume_dry_up),
        # Of a base that is broken the pivot is a price of the past.
        (
            "vcp_pivot",
            Measure.RUPEES_PER_SHARE,
            None if base.broken else found.pivot,
        ),
        ("vcp_score", Measure.SCORE, found.score),
        (
            _LAST_DEPTH,
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
