"""A results event, or a company at a moment, and everything features of it read."""

from dataclasses import replace
from datetime import timedelta

from dexter.domain.company import Company
from dexter.domain.moment import AsOf
from dexter.domain.period import Quarter, Window
from dexter.domain.results import QuarterFigures
from dexter.features.bars import WINDOW
from dexter.features.event import EventInputs
from dexter.features.regime import INDEX_SESSIONS, INDICES, MARKET_SESSIONS
from dexter.features.stories import HEADLINE_DAYS
from dexter.tools import cite
from dexter.tools.base import Arguments, QuarterText, Symbol
from dexter.tools.base import ToolContext as Context
from dexter.tools.surprise import SCORE_BASIS, published, seen_by


class EventQuestion(Arguments):
    """Whose results, in which quarter (null: the newest visible).

    ``revised`` asks for them as they are known at the run's own moment: what a later
    document of the same quarter says, in place of its first publication.
    """

    symbol: Symbol
    quarter: QuarterText | None = None
    revised: bool = False


async def scored_event(
    symbol: str, text: str | None, context: Context, *, revised: bool = False
) -> tuple[QuarterFigures | None, str]:
    """The event scores are made for: one basis (standalone) where it has one.

    Args:
        symbol: Whose results.
        text: The quarter; the newest visible by default.
        context: The run's ports and moment.
        revised: Take them as the run's own moment knows them, not as first published.

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
    if revised:
        event = replace(event, published_at=context.as_of.moment)
    return event, ""


async def inputs_of(event: QuarterFigures, context: Context) -> EventInputs:
    """What was visible of a company when its results were published."""
    seen = seen_by(event, context)
    return await _inputs(event.symbol, seen, event, context)


async def inputs_now(symbol: str, context: Context) -> EventInputs:
    """What is visible of a company at the run's own moment, results or not.

    The quarter is the newest one with figures; without any, the one that ended last.
    """
    event, _ = await scored_event(symbol, None, context)
    return await _inputs(symbol, context.as_of, event, context)


async def _inputs(
    symbol: str, seen: AsOf, event: QuarterFigures | None, context: Context
) -> EventInputs:
    seen = replace(seen, explicit=True)
    runtime = context.runtime
    indices = {
        name: await runtime.prices.index(name, seen, INDEX_SESSIONS) for name in INDICES
    }
    lately = Window(seen.day - timedelta(days=HEADLINE_DAYS), seen.day, "lately")
    return EventInputs(
        symbol=symbol,
        published_at=seen.moment,
        quarter=event.quarter if event else Quarter.ended_before(seen.day),
        basis=event.basis if event else SCORE_BASIS,
        prices=await runtime.prices.history(symbol, seen, WINDOW),
        indices={name: one for name, one in indices.items() if one is not None},
        market=await runtime.prices.market(seen, MARKET_SESSIONS),
        figures=await runtime.filings.figures(symbol, seen),
        headlines=await runtime.news.headlines(symbol, lately, seen),
    )


def subject_of(company: Company, inputs: EventInputs) -> cite.Subject:
    """What evidence about an event speaks of."""
    return cite.Subject(
        company.symbol, company.name, str(inputs.quarter), inputs.basis, company.family
    )
