"""price_history: closes around a results event, and the circuit on its first day."""

from decimal import Decimal

from dexter.domain.circuits import DayPrices, classify, tick_size
from dexter.domain.company import Company
from dexter.domain.evidence import Evidence, Measure, Source
from dexter.domain.market import Circuit, PriceHistory
from dexter.domain.moment import bar_known_at, first_session_after
from dexter.domain.research import Absence, Finding
from dexter.domain.results import QuarterFigures
from dexter.tools import cite
from dexter.tools.base import Arguments, QuarterText, Symbol, Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.statements import company_of
from dexter.tools.surprise import event_of

_SESSIONS = 260
_LATER = 2


class PriceQuestion(Arguments):
    """Whose prices, around which quarter's results."""

    symbol: Symbol
    quarter: QuarterText | None = None


async def run(arguments: PriceQuestion, context: Context) -> Finding:
    """Close before, closes after, the change between them, the circuit."""
    company = await company_of(arguments.symbol, context)
    history = await context.runtime.prices.history(
        company.symbol, context.as_of, _SESSIONS
    )
    if history is None or not len(history):
        what = f"prices of {company.name}"
        return Finding(absences=(Absence(what, "no bars are kept here"),))
    quarter, event = await event_of(company.symbol, arguments.quarter, context)
    if event is None or event.published_at is None:
        when = f"the {quarter} results" if quarter else "any results"
        return Finding(
            evidence=(_close(company, history, len(history) - 1, "close"),),
            absences=(
                Absence(
                    f"price reaction of {company.name}",
                    f"the publication time of {when} is unknown",
                ),
            ),
        )
    return _around(company, history, event)


def _around(company: Company, history: PriceHistory, event: QuarterFigures) -> Finding:
    published = event.published_at
    if published is None:
        return Finding()
    day = first_session_after(published, history.sessions)
    subject = cite.Subject(company.symbol, company.name, str(event.quarter))
    if day == 0:
        what = f"close before the {event.quarter} results of {company.name}"
        return Finding(absences=(Absence(what, "prices do not go back that far"),))
    before = _close(company, history, day - 1, "close_before", subject)
    evidence = [before]
    if day >= len(history):
        why = "no session has closed since, as far as is visible"
        what = f"price reaction of {company.name} to {event.quarter}"
        return Finding(evidence=(before,), absences=(Absence(what, why),))
    first = _close(company, history, day, "close_after", subject)
    evidence += [first, _reaction(subject, history, day, day, (first, before))]
    evidence.append(_circuit(subject, history, day))
    last = min(day + _LATER, len(history) - 1)
    if last > day:
        later = _close(company, history, last, "close_later", subject)
        evidence += [later, _reaction(subject, history, day, last, (later, before))]
    return Finding(evidence=tuple(evidence))


def _close(
    company: Company,
    history: PriceHistory,
    index: int,
    name: str,
    subject: cite.Subject | None = None,
) -> Evidence:
    session = history.sessions[index]
    return cite.price(
        subject or cite.Subject(company.symbol, company.name),
        name,
        history.close[index],
        f"{company.symbol} {session.isoformat()} close",
        bar_known_at(session),
        history.source,
    )


def _reaction(
    subject: cite.Subject,
    history: PriceHistory,
    day: int,
    last: int,
    ends: tuple[Evidence, Evidence],
) -> Evidence:
    """Change of the split-adjusted close from before the event to a session after."""
    adjusted = [
        Decimal(str(history.close[i])) * Decimal(str(history.factor[i]))
        for i in (day - 1, last)
    ]
    split = history.factor[day - 1] != history.factor[last]
    formula = "close after / close before − 1"
    if split:
        formula += f", before × {history.factor[day - 1]} for a split or bonus"
    name = "reaction" if last == day else "reaction_later"
    return cite.computed(
        subject,
        name,
        adjusted[1] / adjusted[0] - 1,
        Measure.CHANGE,
        formula,
        ends,
    )


def circuit(history: PriceHistory, index: int) -> Circuit:
    """What is known of an upper circuit on a session.

    By the exchange's band and tick where they are kept; inferred from the bar where
    not, and said to be.
    """
    if history.no_band[index]:
        return Circuit.NO_BAND
    band = history.price_band[index] if history.price_band else None
    tick = history.tick[index] if history.tick else None
    if band is None:
        return Circuit.INFERRED if history.band[index] > 0 else Circuit.NONE
    prices = DayPrices(
        base=_exact(history.base[index]),
        open=_exact(history.open[index]),
        high=_exact(history.high[index]),
        low=_exact(history.low[index]),
        close=_exact(history.close[index]),
        last=None if history.last[index] is None else _exact(history.last[index]),
    )
    step = tick_size(
        prices.base,
        history.sessions[index],
        explicit=None if tick is None else _exact(tick),
    )
    return classify(prices, _exact(band), step)


def _exact(price: float | None) -> Decimal:
    return Decimal(str(price))


_SAID = {
    Circuit.NO_BAND: "no fixed price band (futures are traded)",
    Circuit.INFERRED: "closed at its upper price band (inferred from the bar)",
    Circuit.NONE: "did not close at an upper price band",
    Circuit.TOUCHED: "touched its upper price band and left it",
    Circuit.LOCKED_AT_END: "was locked at its upper price band at the end",
    Circuit.LOCKED_ALL_DAY: "was locked at its upper price band all day",
    Circuit.UNKNOWN: "traded beyond the band that is kept, so its circuit is unknown",
}


def _circuit(subject: cite.Subject, history: PriceHistory, index: int) -> Evidence:
    session = history.sessions[index]
    row = f"{subject.symbol} {session.isoformat()} band"
    return cite.words(
        subject,
        "circuit",
        _SAID[circuit(history, index)],
        Source(document=history.source, row=row, column="uc_band"),
        bar_known_at(session),
    )


TOOL = Tool(
    name="price_history",
    description="Closes before and after a company's results became public, the "
    "change between them (adjusted for splits and bonus), and whether the first "
    "session closed at its upper price band.",
    arguments=PriceQuestion,
    run=run,
)
