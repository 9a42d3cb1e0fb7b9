"""results_calendar: who reported, or is expected to report, in a window of days."""

from datetime import date
from typing import Literal, Self

from pydantic import model_validator

from dexter.domain.evidence import Measure, Source
from dexter.domain.moment import IST
from dexter.domain.period import Quarter, Window
from dexter.domain.research import Absence, Finding
from dexter.tools import cite
from dexter.tools.base import Arguments, Tool
from dexter.tools.base import ToolContext as Context

_LONGEST = 400


class ResultsCalendar(Arguments):
    """Days, both included, and which side of publication to look at."""

    start: date
    end: date
    status: Literal["reported", "expected"] = "reported"

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= (self.end - self.start).days <= _LONGEST:
            msg = f"end must be 0 to {_LONGEST} days after start"
            raise ValueError(msg)
        return self


async def run(arguments: ResultsCalendar, context: Context) -> Finding:
    """Reporters in order of publication, or meetings in order of their date."""
    start, end = arguments.start.isoformat(), arguments.end.isoformat()
    window = Window(arguments.start, arguments.end, f"{start} to {end}")
    if arguments.status == "expected":
        return await _expected(window, context)
    return await _reported(window, context)


async def _reported(window: Window, context: Context) -> Finding:
    events = await context.runtime.filings.reporters(window, context.as_of)
    if not events:
        why = "no results became public in these days, as far as is known here"
        return Finding(absences=(Absence(f"reporters, {window.label}", why),))
    evidence = tuple(
        cite.words(
            cite.Subject(
                e.symbol, e.company, str(Quarter.containing(e.period_end)), e.basis
            ),
            "published_at",
            e.published_at.astimezone(IST).isoformat(),
            Source(document=e.source, row=e.symbol, column="published_at"),
            e.published_at,
            Measure.DATE,
        )
        for e in events
    )
    subjects = tuple(dict.fromkeys(e.symbol for e in events))
    return Finding(evidence=evidence, subjects=subjects)


async def _expected(window: Window, context: Context) -> Finding:
    meetings = await context.runtime.filings.expected(window, context.as_of)
    if not meetings:
        why = "no board meeting for results is known for these days"
        return Finding(absences=(Absence(f"meetings, {window.label}", why),))
    evidence = tuple(
        cite.words(
            cite.Subject(m.symbol, m.company),
            "meeting_date",
            m.meeting_date.isoformat(),
            Source(document=m.source, row=m.symbol, column="meeting_date"),
            m.known_at,
            Measure.DATE,
        )
        for m in meetings
    )
    subjects = tuple(dict.fromkeys(m.symbol for m in meetings))
    return Finding(evidence=evidence, subjects=subjects)


TOOL = Tool(
    name="results_calendar",
    description="Who published results in a window of days (status reported), or "
    "whose board meets for results in it (status expected). Yields the companies, so "
    "that later tasks can be repeated for each.",
    arguments=ResultsCalendar,
    run=run,
    yields_subjects=True,
)
