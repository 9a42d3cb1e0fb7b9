"""find_filings, headlines and find_company: what exists, without reading it."""

from datetime import date
from decimal import Decimal

from pydantic import Field

from dexter.domain.evidence import Evidence, EvidenceKind, Measure, Source
from dexter.domain.filing import Filing
from dexter.domain.moment import IST
from dexter.domain.period import Window
from dexter.domain.research import Absence, Finding
from dexter.extraction.guard import instructions
from dexter.tools import cite
from dexter.tools.base import Arguments, Symbol, Tool
from dexter.tools.base import ToolContext as Context
from dexter.tools.statements import company_of

_MOST_HEADLINES = 12


class FindCompany(Arguments):
    """A name as somebody wrote it."""

    text: str = Field(min_length=1, max_length=200)


class FindFilings(Arguments):
    """Whose documents to list."""

    symbol: Symbol
    limit: int = Field(default=10, ge=1, le=100)


class Headlines(Arguments):
    """Whose headlines, between which days."""

    symbol: Symbol
    start: date
    end: date


async def find_company(arguments: FindCompany, context: Context) -> Finding:
    """The companies most like a name, with their similarity."""
    matches = await context.runtime.directory.find(arguments.text, 5)
    if not matches:
        return Finding(
            absences=(Absence(f"“{arguments.text}”", "no company is like that"),)
        )
    evidence = tuple(
        Evidence(
            id="",
            kind=EvidenceKind.COMPUTED,
            name="name_match",
            unit=Measure.SCORE,
            value=Decimal(m.score),
            source=Source(document="company directory", row=m.company.symbol),
            symbol=m.company.symbol,
            company=m.company.name,
        ).with_key()
        for m in matches
    )
    return Finding(evidence=evidence, subjects=tuple(m.company.symbol for m in matches))


async def find_filings(arguments: FindFilings, context: Context) -> Finding:
    """Documents of a company, newest first, as dated evidence."""
    company = await company_of(arguments.symbol, context)
    filings = await context.runtime.filings.filings(
        company.symbol, context.as_of, arguments.limit
    )
    if not filings:
        what = f"filings of {company.name}"
        return Finding(absences=(Absence(what, "none are kept here"),))
    subject = cite.Subject(company.symbol, company.name)
    return Finding(evidence=tuple(_dated(subject, f) for f in filings))


def _dated(subject: cite.Subject, filing: Filing) -> Evidence:
    """A document by the time it became public; without one, absent with the reason."""
    known = filing.known_at
    said = cite.words(
        subject,
        "filing",
        known.astimezone(IST).isoformat() if known else None,
        Source(document=filing.name, sha256=filing.sha256, url=filing.url),
        known,
        Measure.DATE,
    )
    why = filing.known_at_reason or "its publication time is not known"
    return said if known else cite.flagged(said, why)


async def headlines(arguments: Headlines, context: Context) -> Finding:
    """Dated headlines; their text is untrusted and only ever quoted."""
    company = await company_of(arguments.symbol, context)
    window = Window(arguments.start, arguments.end, "headlines")
    found = await context.runtime.news.headlines(company.symbol, window, context.as_of)
    if not found:
        what = f"headlines about {company.name}"
        return Finding(absences=(Absence(what, "none are kept for these days"),))
    subject = cite.Subject(company.symbol, company.name)
    evidence = tuple(
        cite.words(
            subject,
            "headline",
            h.text or h.title,
            Source(
                document=h.source,
                row=h.published_at.isoformat(),
                column=h.title,
                url=h.url,
            ),
            h.published_at,
        )
        for h in found[-_MOST_HEADLINES:]
    )
    flags = instructions.find(h.text or h.title for h in found)
    warnings = tuple(
        f"A headline about {company.name} contains text addressed to AI readers, "
        f"which was not followed: “{flag}”"
        for flag in flags
    )
    return Finding(evidence=evidence, warnings=warnings)


COMPANY = Tool(
    name="find_company",
    description="The companies most like a name as somebody wrote it.",
    arguments=FindCompany,
    run=find_company,
    yields_subjects=True,
)
FILINGS = Tool(
    name="find_filings",
    description="The documents kept of a company, newest first, with the time each "
    "became public.",
    arguments=FindFilings,
    run=find_filings,
)
HEADLINES = Tool(
    name="headlines",
    description="Dated headlines and announcements of a company between two days.",
    arguments=Headlines,
    run=headlines,
)
