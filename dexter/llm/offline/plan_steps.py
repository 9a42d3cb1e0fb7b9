"""The single tasks plans are made of, and the words that describe them."""

from collections.abc import Mapping, Sequence

from dexter.domain.company import Company
from dexter.domain.period import Quarter
from dexter.llm.offline.clauses import NOUNS
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.scope import Scope


def title(company: Company) -> str:
    """A company by name and symbol."""
    return f"{company.name} ({company.symbol})"


def text_of(quarter: Quarter | None) -> str | None:
    """A quarter as tools take it; null for the newest."""
    return str(quarter) if quarter else None


def in_quarter(quarter: Quarter | None) -> str:
    """The quarter in words."""
    return f"for {quarter}" if quarter else "for its newest visible quarter"


def read(draft: Draft, symbol: str, quarter: Quarter | None, basis: str | None) -> str:
    """Read a statement."""
    return draft.add(
        "read_statement",
        {"symbol": symbol, "quarter": text_of(quarter), "basis": basis},
        f"the {quarter or 'newest'} statement of {symbol}",
    )


def compare(draft: Draft, current: str, base: str, kind: str) -> str:
    """Hold two statements against each other."""
    return draft.add(
        "compare",
        {"current": current, "base": base, "kind": kind},
        "growth of every line both have",
        needs=(current, base),
    )


def surprise(scope: Scope, draft: Draft, symbol: str, quarter: Quarter | None) -> str:
    """How far a company departs from its own history."""
    return draft.add(
        "earnings_surprise",
        {"symbol": symbol, "quarter": text_of(quarter), "basis": scope.reading.basis},
        f"how far {symbol} departs from its own history",
    )


def event(draft: Draft, tool: str, symbol: str, quarter: Quarter | None) -> str:
    """A tool about one results event."""
    arguments: Mapping[str, object] = {"symbol": symbol, "quarter": text_of(quarter)}
    return draft.add(tool, arguments, f"{tool.replace('_', ' ')} of {symbol}")


def headlines(scope: Scope, draft: Draft, symbol: str, quarter: Quarter | None) -> str:
    """Headlines around the results, or in the days named."""
    window = scope.news_window(symbol, quarter)
    return draft.add(
        "headlines",
        {
            "symbol": symbol,
            "start": window.start.isoformat(),
            "end": min(window.end, scope.brief.today).isoformat()
            if window.start <= scope.brief.today
            else window.end.isoformat(),
        },
        f"what was written about {symbol}",
    )


def alert(
    draft: Draft, symbol: str, quarter: Quarter | None, also: Sequence[str] = ()
) -> None:
    """The scores of an event and the alert made of them."""
    tools = ("blockbuster_score", "predict", "vcp")
    scores = [event(draft, tool, symbol, quarter) for tool in tools]
    draft.add(
        "alert",
        {"symbol": symbol, "quarter": text_of(quarter)},
        f"the scored alert of {symbol}",
        needs=(*also, *scores),
    )


def asked(scope: Scope) -> str:
    """The measures asked for, as a heading."""
    nouns = [NOUNS[name] for name in scope.reading.measures if name in NOUNS]
    said = listed(nouns) if nouns else "results"
    return said[0].upper() + said[1:]


def listed(parts: Sequence[str]) -> str:
    """Parts as a list in prose."""
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
