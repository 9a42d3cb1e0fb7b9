"""When results came, as evidence: what calendar features were computed from."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from decimal import Decimal

from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Grade
from dexter.domain.market import MarketHistory, PriceHistory
from dexter.domain.moment import IST, bar_known_at
from dexter.domain.results import QuarterFigures
from dexter.features.event import EventInputs
from dexter.features.spec import Category, FeatureSpec
from dexter.tools import cite

ASKED = "the moment asked about"
FISCAL = "the fiscal calendar, April to March"


def quarter(subject: cite.Subject, inputs: EventInputs) -> Evidence:
    """The last day of the event's quarter."""
    end = inputs.quarter.end
    ended = datetime.combine(end, time.min, IST)
    source = Source(document=FISCAL, row=str(inputs.quarter), column="last day")
    return cite.words(subject, "quarter", end.isoformat(), source, ended, Measure.DATE)


def session(subject: cite.Subject, history: PriceHistory, row: int) -> Evidence:
    """The day of a bar."""
    day = history.sessions[row]
    source = Source(document=history.source, row=str(day), column="session")
    known_at = bar_known_at(day)
    return cite.words(subject, "day", str(day), source, known_at, Measure.DATE)


def moments(
    subject: cite.Subject,
    inputs: EventInputs,
    spec: FeatureSpec,
    name: str,
    lags: Sequence[int],
) -> Iterator[Evidence]:
    """When the event came, and when the quarters before did that a feature looks at.

    Args:
        subject: Whose event.
        inputs: What was visible of it.
        spec: The feature; one of the calendar reads the moment itself.
        name: ``published_at`` or ``known_at``.
        lags: Quarters back within the feature's look-back.
    """
    of_calendar = spec.category is Category.SEASONALITY
    if of_calendar:
        yield _own(subject, inputs)
    if of_calendar and not spec.look_back.endswith("quarters"):
        return
    figures = {one.quarter: one for one in inputs.figures if one.basis is inputs.basis}
    for back in lags:
        one = figures.get(inputs.quarter.shift(-back))
        if one is not None and (back or len(lags) == 1):
            yield from _told(subject, one, name)


def results(market: MarketHistory, moment: datetime) -> Evidence | None:
    """How many results came on the last day with any before a moment's own day."""
    today = moment.astimezone(IST).date()
    seen = sum(day < today for day in market.result_days)
    if not seen:
        return None
    day = market.result_days[seen - 1]
    return Evidence(
        id="",
        kind=EvidenceKind.FACT,
        name="results",
        unit=Measure.COUNT,
        value=Decimal(market.results[seen - 1]),
        source=Source(
            document="results of every company", row=str(day), column="first published"
        ),
        known_at=datetime.combine(day, time.max, IST),
    ).with_key()


def _own(subject: cite.Subject, inputs: EventInputs) -> Evidence:
    moment = inputs.published_at
    told = (
        one
        for one in inputs.figures
        if (one.quarter, one.basis) == (inputs.quarter, inputs.basis)
        and one.published_at == moment
    )
    source = next((_source(one) for one in told), Source(document=ASKED))
    text = moment.astimezone(IST).isoformat()
    return cite.words(subject, "published_at", text, source, moment, Measure.DATE)


def _told(
    subject: cite.Subject, figures: QuarterFigures, name: str
) -> Iterator[Evidence]:
    moment: datetime | None = getattr(figures, name)
    if moment is not None:
        whose = cite.Subject(
            subject.symbol, subject.company, str(figures.quarter), figures.basis
        )
        text = moment.astimezone(IST).isoformat()
        yield cite.words(whose, name, text, _source(figures), moment, Measure.DATE)


def _source(figures: QuarterFigures) -> Source:
    """The document of a quarter's figures, with the row where it is a table."""
    first = next(iter(figures.sources.values()), None)
    if first is None:
        return Source(document=ASKED)
    row = first.row if figures.grade is Grade.IMPORTED else None
    return Source(document=first.document, sha256=first.sha256, row=row, url=first.url)
