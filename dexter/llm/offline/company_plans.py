"""Plans about named companies, one function per form of question."""

import re
from collections.abc import Callable, Mapping, Sequence

from dexter.domain.company import Company
from dexter.domain.period import Quarter
from dexter.domain.phrases import Comparison
from dexter.llm.offline.clauses import NOUNS, capital
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.intents import Intent
from dexter.llm.offline.plan_steps import (
    alert,
    asked,
    compare,
    event,
    headlines,
    in_quarter,
    listed,
    read,
    surprise,
    text_of,
    title,
)
from dexter.llm.offline.scope import Scope

_FILINGS = 20
_AT_RESULTS = re.compile(r"\b(?:results?|earnings|publication|announce\w*|report\w*)\b")
_KINDS = {
    Comparison.YEAR_ON_YEAR: "against the same quarter of the year before",
    Comparison.SEQUENTIAL: "against the quarter before",
}


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


def _results(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    quarter, symbol = scope.quarter(company.symbol), company.symbol
    kind = scope.reading.comparison or Comparison.YEAR_ON_YEAR
    said = _pair(scope, draft, company, quarter, kind)
    sue = surprise(scope, draft, symbol, quarter)
    event(draft, "price_history", symbol, quarter)
    headlines(scope, draft, symbol, quarter)
    alert(draft, symbol, quarter, (sue,))
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
        read(draft, symbol, None, scope.reading.basis)
        return in_quarter(None)
    base = quarter.year_ago if kind is Comparison.YEAR_ON_YEAR else quarter.previous
    basis = scope.basis([(symbol, quarter), (symbol, base)])
    current = read(draft, symbol, quarter, basis)
    before = read(draft, symbol, base, basis)
    compare(draft, current, before, kind.value)
    on = f", {basis}" if basis else ""
    return f"{in_quarter(quarter)}{on}, {_KINDS[kind]} ({base})"


def _compare_quarters(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    kind = scope.reading.comparison or Comparison.YEAR_ON_YEAR
    quarter = scope.quarter(company.symbol)
    said = _pair(scope, draft, company, quarter, kind)
    return f"{asked(scope)} of {title(company)} {said}."


def _quarters(
    scope: Scope, draft: Draft, company: Company, quarters: Sequence[Quarter]
) -> str:
    """Read every quarter named; compare where the distance is a year or a quarter."""
    symbol = company.symbol
    basis = scope.basis([(symbol, quarter) for quarter in quarters])
    tasks = {quarter: read(draft, symbol, quarter, basis) for quarter in quarters}
    newest = quarters[-1]
    wanted = scope.reading.comparison
    bases = {
        Comparison.YEAR_ON_YEAR: newest.year_ago,
        Comparison.SEQUENTIAL: newest.previous,
    }
    found = [kind for kind, base in bases.items() if base in tasks]
    kind = wanted if wanted in found else next(iter(found), None)
    if kind and not scope.own_quarters:
        compare(draft, tasks[newest], tasks[bases[kind]], kind.value)
    names = listed([str(quarter) for quarter in quarters])
    on = f", {basis}" if basis else ""
    if scope.own_quarters:
        return f"{_own_quarters(scope)} of {title(company)}{on}."
    side = "" if kind else "; set side by side, because growth is only computed over "
    side += "" if kind else "a quarter or a year"
    return f"{asked(scope)} of {title(company)} for {names}{on}{side}."


def _compare_companies(scope: Scope, draft: Draft) -> str:
    if scope.paired:
        return _each_its_quarter(scope, draft)
    if len(scope.named) > 1:
        return _every_quarter(scope, draft)
    symbols = [company.symbol for company in scope.companies]
    names = listed([title(company) for company in scope.companies])
    quarter = scope.common_quarter(symbols)
    basis = scope.basis([(symbol, quarter) for symbol in symbols])
    tasks = [read(draft, symbol, quarter, basis) for symbol in symbols]
    for other in tasks[1:]:
        compare(draft, tasks[0], other, "companies")
    kind = scope.reading.comparison
    if quarter and kind:
        base = quarter.year_ago if kind is Comparison.YEAR_ON_YEAR else quarter.previous
        for symbol, task in zip(symbols, tasks, strict=True):
            before = read(draft, symbol, base, basis)
            compare(draft, task, before, kind.value)
    else:
        for symbol in symbols:
            surprise(scope, draft, symbol, quarter)
    on = f", {basis}" if basis else ""
    return f"{asked(scope)} of {names} compared {in_quarter(quarter)}{on}."


def _each_its_quarter(scope: Scope, draft: Draft) -> str:
    """Every company in the quarter said beside it; no growth lies between those."""
    pairs = [(one, scope.paired.get(one.symbol)) for one in scope.companies]
    basis = scope.basis([(company.symbol, quarter) for company, quarter in pairs])
    for company, quarter in pairs:
        read(draft, company.symbol, quarter, basis)
        surprise(scope, draft, company.symbol, quarter)
    names = listed([f"{title(one)} {in_quarter(quarter)}" for one, quarter in pairs])
    on = f", {basis}" if basis else ""
    return f"{asked(scope)} of {names}, side by side{on}."


def _every_quarter(scope: Scope, draft: Draft) -> str:
    """All the companies in each of the quarters named."""
    quarters = sorted(scope.named)
    symbols = [company.symbol for company in scope.companies]
    basis = scope.basis([(one, quarter) for one in symbols for quarter in quarters])
    for quarter in quarters:
        tasks = [read(draft, symbol, quarter, basis) for symbol in symbols]
        for other in tasks[1:]:
            compare(draft, tasks[0], other, "companies")
    names = listed([title(company) for company in scope.companies])
    on = f", {basis}" if basis else ""
    said = listed([str(quarter) for quarter in quarters])
    return f"{asked(scope)} of {names} compared for {said}{on}."


def _figure(scope: Scope, draft: Draft, company: Company) -> str:
    named = sorted(scope.named)
    if len(named) > 1:
        return _quarters(scope, draft, company, named)
    quarter = scope.quarter(company.symbol)
    if scope.reading.comparison:
        return _compare_quarters(scope, draft, company)
    basis = scope.basis([(company.symbol, quarter)])
    read(draft, company.symbol, quarter, basis)
    on = f", {basis}" if basis else ""
    return f"{asked(scope)} of {title(company)} {in_quarter(quarter)}{on}."


def _surprised(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    surprise(scope, draft, company.symbol, quarter)
    return (
        f"How far the results of {title(company)} {in_quarter(quarter)} depart from "
        "its own history (SUE; not against analysts' estimates)."
    )


def _scored(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    sue = surprise(scope, draft, company.symbol, quarter)
    alert(draft, company.symbol, quarter, (sue,))
    return f"Score and alert of {title(company)} {in_quarter(quarter)}."


def _own_quarters(scope: Scope) -> str:
    said = [
        f"{NOUNS[name]} {in_quarter(quarter)}"
        for name, quarter in scope.own_quarters.items()
    ]
    return capital(listed(said))


def _features(scope: Scope, draft: Draft, company: Company) -> str:
    """Features as they stand now, or at the results the question names."""
    symbol, reading = company.symbol, scope.reading
    quarter = scope.quarter(symbol)
    at_results = bool(scope.named) or _AT_RESULTS.search(reading.words) is not None
    arguments: dict[str, object] = {"symbol": symbol, "quarter": text_of(quarter)}
    if not at_results:
        arguments = {"symbol": symbol, "quarter": None, "moment": "now"}
    draft.add("compute_features", arguments, f"features of {symbol}")
    when = (
        f"when its results {in_quarter(quarter)} came" if at_results else "as it stands"
    )
    said = f"Features of {title(company)}, {when}."
    if reading.measures:
        said = f"{said} {_figure(scope, draft, company)}"
    return said


def _one_event(tool: str, what: str) -> Callable[[Scope, Draft, Company], str]:
    def write(scope: Scope, draft: Draft, company: Company) -> str:
        quarter = scope.quarter(company.symbol)
        event(draft, tool, company.symbol, quarter)
        return f"{what} of {title(company)} around the results {in_quarter(quarter)}."

    return write


def _filings(_: Scope, draft: Draft, company: Company) -> str:
    arguments = {"symbol": company.symbol, "limit": _FILINGS}
    draft.add("find_filings", arguments, f"documents of {company.symbol}")
    return f"Filings of {title(company)}, newest published on top."


def _news(scope: Scope, draft: Draft, company: Company) -> str:
    quarter = scope.quarter(company.symbol)
    headlines(scope, draft, company.symbol, quarter)
    window = scope.news_window(company.symbol, quarter)
    return f"Headlines about {title(company)}, {window.start} to {window.end}."


def _reported(scope: Scope, draft: Draft, company: Company) -> str:
    awaited = scope.awaited(company.symbol)
    quarter = awaited or scope.quarter(company.symbol)
    basis = scope.basis([(company.symbol, quarter)])
    read(draft, company.symbol, quarter, basis)
    if awaited:
        _due(scope, draft, company)
    if scope.published(company.symbol, quarter) is None:
        arguments = {"symbol": company.symbol, "limit": _FILINGS}
        draft.add("find_filings", arguments, f"documents of {company.symbol}")
    return f"Whether and when {title(company)} reported {in_quarter(quarter)}."


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
    Intent.FEATURES: _features,
    Intent.FILINGS: _filings,
    Intent.NEWS: _news,
    Intent.REACTION: _one_event("price_history", "Price reaction"),
}
