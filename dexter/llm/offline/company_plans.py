"""Plans about named companies, one function per form of question."""

from collections.abc import Callable, Mapping, Sequence

from dexter.domain.company import Company
from dexter.domain.period import Quarter
from dexter.domain.phrases import Comparison
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.intents import Intent
from dexter.llm.offline.scope import Scope

_FILINGS = 20
_KINDS = {
    Comparison.YEAR_ON_YEAR: "against the same quarter of the year before",
    Comparison.SEQUENTIAL: "against the quarter before",
}
_NOUNS = {
    "revenue_from_operations": "revenue",
    "net_profit": "net profit",
    "profit_before_tax": "profit before tax",
    "eps_basic": "basic EPS",
    "eps_diluted": "diluted EPS",
    "net_margin": "net margin",
    "total_income": "total income",
    "total_expenses": "total expenses",
    "other_income": "other income",
}


def title(company: Company) -> str:
    """A company by name and symbol."""
    return f"{company.name} ({company.symbol})"


def plan_companies(scope: Scope, draft: Draft) -> str:
    """Add the tasks for the companies named, and say how they were understood."""
    intent = scope.reading.intent
    if _compares(scope) and len(scope.companies) > 1:
        return _compare_companies(scope, draft)
    write = _FORMS.get(intent, _results)
    said = [write(scope, draft, company) for company in scope.companies]
    return " ".join(said)


def _compares(scope: Scope) -> bool:
    return scope.reading.intent in {
        Intent.COMPARE,
        Intent.FIGURE,
        Intent.GROWTH,
        Intent.RESULTS,
        Intent.SURPRISE,
    }


def _text(quarter: Quarter | None) -> str | None:
    return str(quarter) if quarter else None


def _in(quarter: Quarter | None) -> str:
    return f"for {quarter}" if quarter else "for its newest visible quarter"


def _read(draft: Draft, symbol: str, quarter: Quarter | None, basis: str | None) -> str:
    return draft.add(
        "read_statement",
        {"symbol": symbol, "quarter": _text(quarter), "basis": basis},
        f"the {quarter or 'newest'} statement of {symbol}",
    )


def _compare(draft: Draft, current: str, base: str, kind: str) -> str:
    return draft.add(
        "compare",
        {"current": current, "base": base, "kind": kind},
        "growth of every line both have",
        needs=(current, base),
    )


def _surprise(scope: Scope, draft: Draft, symbol: str, quarter: Quarter | None) -> str:
    return draft.add(
        "earnings_surprise",
        {"symbol": symbol, "quarter": _text(quarter), "basis": scope.reading.basis},
        f"how far {symbol} departs from its own history",
    )


def _event(draft: Draft, tool: str, symbol: str, quarter: Quarter | None) -> str:
    arguments: Mapping[str, object] = {"symbol": symbol, "quarter": _text(quarter)}
    return draft.add(tool, arguments, f"{tool.replace('_', ' ')} of {symbol}")


def _headlines(scope: Scope, draft: Draft, symbol: str, quarter: Quarter | None) -> str:
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


def _alert(
    draft: Draft, symbol: str, quarter: Quarter | None, also: Sequence[str] = ()
) -> None:
    tools = ("blockbuster_score", "predict", "vcp")
    scores = [_event(draft, tool, symbol, quarter) for tool in tools]
    draft.add(
        "alert",
        {"symbol": symbol, "quarter": _text(quarter)},
        f"the scored alert of {symbol}",
        needs=(*also, *scores),
    )


def _results(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    quarter, symbol = scope.quarter(company.symbol), company.symbol
    kind = scope.reading.comparison or Comparison.YEAR_ON_YEAR
    said = _pair(scope, draft, company, quarter, kind)
    surprise = _surprise(scope, draft, symbol, quarter)
    _event(draft, "price_history", symbol, quarter)
    _headlines(scope, draft, symbol, quarter)
    _alert(draft, symbol, quarter, (surprise,))
    awaited = scope.awaited(symbol)
    tail = f" Nothing for {awaited} is visible yet." if awaited else ""
    return f"Results of {title(company)} {said}.{tail}"


def _pair(
    scope: Scope,
    draft: Draft,
    company: Company,
    quarter: Quarter | None,
    kind: Comparison,
) -> str:
    """Read a quarter and its base and compare them; say which and on which basis."""
    symbol = company.symbol
    if quarter is None:
        _read(draft, symbol, None, scope.reading.basis)
        return _in(None)
    base = quarter.year_ago if kind is Comparison.YEAR_ON_YEAR else quarter.previous
    basis = scope.basis([(symbol, quarter), (symbol, base)])
    current = _read(draft, symbol, quarter, basis)
    before = _read(draft, symbol, base, basis)
    _compare(draft, current, before, kind.value)
    on = f", {basis}" if basis else ""
    return f"{_in(quarter)}{on}, {_KINDS[kind]} ({base})"


def _compare_quarters(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    kind = scope.reading.comparison or Comparison.YEAR_ON_YEAR
    quarter = scope.quarter(company.symbol)
    said = _pair(scope, draft, company, quarter, kind)
    return f"{_asked(scope)} of {title(company)} {said}."


def _quarters(
    scope: Scope, draft: Draft, company: Company, quarters: Sequence[Quarter]
) -> str:
    """Read every quarter named; compare where the distance is a year or a quarter."""
    symbol = company.symbol
    basis = scope.basis([(symbol, quarter) for quarter in quarters])
    tasks = {quarter: _read(draft, symbol, quarter, basis) for quarter in quarters}
    newest = quarters[-1]
    wanted = scope.reading.comparison
    bases = {
        Comparison.YEAR_ON_YEAR: newest.year_ago,
        Comparison.SEQUENTIAL: newest.previous,
    }
    found = [kind for kind, base in bases.items() if base in tasks]
    kind = wanted if wanted in found else next(iter(found), None)
    if kind:
        _compare(draft, tasks[newest], tasks[bases[kind]], kind.value)
    names = _and([str(quarter) for quarter in quarters])
    on = f", {basis}" if basis else ""
    side = "" if kind else "; set side by side, because growth is only computed over "
    side += "" if kind else "a quarter or a year"
    return f"{_asked(scope)} of {title(company)} for {names}{on}{side}."


def _asked(scope: Scope) -> str:
    nouns = [_NOUNS[name] for name in scope.reading.measures if name in _NOUNS]
    said = _and(nouns) if nouns else "results"
    return said[0].upper() + said[1:]


def _and(parts: Sequence[str]) -> str:
    if len(parts) == 1:
        return parts[0]
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def _compare_companies(scope: Scope, draft: Draft) -> str:
    symbols = [company.symbol for company in scope.companies]
    names = _and([title(company) for company in scope.companies])
    quarter = scope.common_quarter(symbols)
    basis = scope.basis([(symbol, quarter) for symbol in symbols])
    tasks = [_read(draft, symbol, quarter, basis) for symbol in symbols]
    for other in tasks[1:]:
        _compare(draft, tasks[0], other, "companies")
    kind = scope.reading.comparison
    if quarter and kind:
        base = quarter.year_ago if kind is Comparison.YEAR_ON_YEAR else quarter.previous
        for symbol, task in zip(symbols, tasks, strict=True):
            before = _read(draft, symbol, base, basis)
            _compare(draft, task, before, kind.value)
    else:
        for symbol in symbols:
            _surprise(scope, draft, symbol, quarter)
    on = f", {basis}" if basis else ""
    return f"{_asked(scope)} of {names} compared {_in(quarter)}{on}."


def _figure(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    quarter = scope.quarter(company.symbol)
    if scope.reading.comparison:
        return _compare_quarters(scope, draft, company)
    basis = scope.basis([(company.symbol, quarter)])
    _read(draft, company.symbol, quarter, basis)
    on = f", {basis}" if basis else ""
    return f"{_asked(scope)} of {title(company)} {_in(quarter)}{on}."


def _surprised(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    _surprise(scope, draft, company.symbol, quarter)
    return (
        f"How far the results of {title(company)} {_in(quarter)} depart from its own "
        "history (SUE; not against analysts' estimates)."
    )


def _scored(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    surprise = _surprise(scope, draft, company.symbol, quarter)
    _alert(draft, company.symbol, quarter, (surprise,))
    return f"Score and alert of {title(company)} {_in(quarter)}."


def _one_event(tool: str, what: str) -> Callable[[Scope, Draft, Company], str]:
    def write(scope: Scope, draft: Draft, company: Company) -> str:
        quarter = scope.quarter(company.symbol)
        _event(draft, tool, company.symbol, quarter)
        return f"{what} of {title(company)} around the results {_in(quarter)}."

    return write


def _filings(_: Scope, draft: Draft, company: Company) -> str:
    arguments = {"symbol": company.symbol, "limit": _FILINGS}
    draft.add("find_filings", arguments, f"documents of {company.symbol}")
    return f"Filings of {title(company)}, newest published on top."


def _news(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    _headlines(scope, draft, company.symbol, quarter)
    window = scope.news_window(company.symbol, quarter)
    return f"Headlines about {title(company)}, {window.start} to {window.end}."


def _reported(scope: Scope, draft: Draft, company: Company) -> str:
    awaited = scope.awaited(company.symbol)
    quarter = awaited or scope.quarter(company.symbol)
    basis = scope.basis([(company.symbol, quarter)])
    _read(draft, company.symbol, quarter, basis)
    if awaited:
        _due(scope, draft, company)
    arguments = {"symbol": company.symbol, "limit": _FILINGS}
    draft.add("find_filings", arguments, f"documents of {company.symbol}")
    return f"Whether and when {title(company)} reported {_in(quarter)}."


def _due(scope: Scope, draft: Draft, company: Company) -> str:
    window = scope.ahead_window()
    start, end = window.start.isoformat(), window.end.isoformat()
    arguments = {"start": start, "end": end, "status": "expected"}
    if not any(task["arguments"] == arguments for task in draft.tasks):
        draft.add("results_calendar", arguments, "board meetings for results ahead")
    return f"When {title(company)} is due to report, {start} to {end}."


_FORMS: Mapping[Intent, Callable[[Scope, Draft, Company], str]] = {
    Intent.RESULTS: _results,
    Intent.FIGURE: _figure,
    Intent.COMPARE: _compare_quarters,
    Intent.GROWTH: _compare_quarters,
    Intent.SURPRISE: _surprised,
    Intent.REPORTED: _reported,
    Intent.CALENDAR: _due,
    Intent.SCORE: _scored,
    Intent.VCP: _one_event("vcp", "Volatility contraction pattern"),
    Intent.FEATURES: _one_event("compute_features", "Features"),
    Intent.FILINGS: _filings,
    Intent.NEWS: _news,
    Intent.REACTION: _one_event("price_history", "Price reaction"),
}
