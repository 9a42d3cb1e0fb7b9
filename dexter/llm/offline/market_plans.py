"""Plans about everybody who reported, or will, in a stretch of days."""

from collections.abc import Sequence

from dexter.domain.period import Window
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.intents import Intent, Reading
from dexter.llm.offline.scope import Scope

_SUE = "surprise is SUE against each company's own history, not against estimates"
_RANKED_BY = {
    "sue": f"how far they surprised ({_SUE})",
    "profit_yoy": "growth of net profit on the year",
    "revenue_yoy": "growth of revenue on the year",
    "eps_yoy": "growth of EPS on the year",
    "net_margin": "net margin",
    "blockbuster": "blockbuster score",
    "probability": "the champion's probability of an upper-circuit close",
    "reaction": "price reaction",
    "vcp_stood": "the contractions of a VCP that stood before the results",
}
# What growth a measure word asks for when companies are ranked.
_GROWTH = {
    "revenue_from_operations": "revenue_yoy",
    "eps_basic": "eps_yoy",
    "eps_diluted": "eps_yoy",
    "net_profit": "profit_yoy",
}
_LONGEST_DAYS = 400


def plan_market(scope: Scope, draft: Draft) -> str | None:
    """Add the tasks for a whole window; none when it is longer than can be read."""
    window = scope.reported_window()
    ahead = window.start > scope.brief.today
    if scope.reading.intent is Intent.CALENDAR or ahead:
        return _expected(scope, draft)
    if (window.end - window.start).days > _LONGEST_DAYS:
        return None
    calendar = _calendar(draft, window, "reported")
    return _reported(scope, draft, calendar, window)


def _reported(scope: Scope, draft: Draft, calendar: str, window: Window) -> str:
    days = f"{window.start} to {window.end}"
    if scope.reading.intent in _NO_RANK:
        return _repeat_plain(scope, draft, calendar, window, days)
    by = ranked_by(scope.reading)
    if by is None and scope.reading.both:
        due = scope.ahead_window()
        _calendar(draft, due, "expected")
        return f"Who reported, {days}, and who is due, {due.start} to {due.end}."
    if by is None:
        return f"Who reported results, {days}."
    if scope.reading.intent is Intent.SCORE:
        return _scores(scope, draft, calendar, by, days)
    return _rank(scope, draft, calendar, by, days)


def ranked_by(reading: Reading) -> str | None:
    """The value companies are put in order by; none when they are only named."""
    if reading.intent is Intent.SCORE:
        said = any(word in reading.words for word in _LIKELY)
        return "probability" if said else "blockbuster"
    if reading.intent in _BY_INTENT:
        return _BY_INTENT[reading.intent]
    # Loss-makers are those of negative margin; no other filter is offered.
    if "net_margin" in reading.measures or "loss" in reading.words:
        return "net_margin"
    return _by_measure(reading)


def by_growth_for_size(reading: Reading) -> bool:
    """Whether growth stands in for a size companies were to be ranked by."""
    by = ranked_by(reading)
    return by in _GROWTH.values() and reading.intent is Intent.FIGURE


def _by_measure(reading: Reading) -> str | None:
    grown = next((_GROWTH[name] for name in reading.measures if name in _GROWTH), None)
    if reading.measures and grown is None:
        return None
    if reading.intent is Intent.GROWTH or (reading.ranked and grown):
        return grown or "profit_yoy"
    plain = reading.intent in {Intent.RESULTS, Intent.REPORTED}
    return "sue" if reading.ranked and plain else None


_LIKELY = ("probab", "chance", "odds", "likel", "circuit", "predict")
_BY_INTENT = {
    Intent.SURPRISE: "sue",
    Intent.REACTION: "reaction",
    Intent.VCP: "vcp_stood",
}
_NO_RANK = {Intent.FILINGS, Intent.NEWS, Intent.FEATURES}
_TOOL = {
    "sue": "earnings_surprise",
    "profit_yoy": "earnings_surprise",
    "revenue_yoy": "earnings_surprise",
    "eps_yoy": "earnings_surprise",
    "net_margin": "earnings_surprise",
    "reaction": "price_history",
    "vcp_stood": "vcp",
    "blockbuster": "blockbuster_score",
    "probability": "predict",
}
_SCORES = ("earnings_surprise", "blockbuster_score", "predict", "vcp")
_ALERTS = {"alert", "alerts"}


def _calendar(draft: Draft, window: Window, status: str) -> str:
    return draft.add(
        "results_calendar",
        {
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
            "status": status,
        },
        f"who {'reported' if status == 'reported' else 'is due'} in these days",
    )


def _expected(scope: Scope, draft: Draft) -> str:
    window = scope.ahead_window()
    days = f"{window.start} to {window.end}"
    named = scope.brief.windows[0] if scope.brief.windows else None
    if named and named.start < scope.brief.today <= named.end:
        past = Window(named.start, scope.brief.today, named.label)
        _calendar(draft, past, "reported")
        days = f"{named.start} to {named.end}, both reported and due"
    _calendar(draft, window, "expected")
    return f"Whose results are due, {days}."


def _quarter(scope: Scope) -> str | None:
    """A named quarter is asked of every reporter; otherwise each one's newest."""
    named = scope.named
    return str(max(named)) if named else None


def _each(
    scope: Scope, draft: Draft, tool: str, calendar: str, needs: Sequence[str] = ()
) -> str:
    arguments: dict[str, object] = {"quarter": _quarter(scope)}
    if tool == "earnings_surprise":
        arguments["basis"] = scope.reading.basis
    return draft.add(
        tool,
        arguments,
        f"{tool.replace('_', ' ')} of every company that reported",
        needs=(calendar, *needs),
        each=calendar,
    )


def _put_in_order(draft: Draft, reading: Reading, task: str, by: str) -> str:
    arguments: dict[str, object] = {"of": task, "by": by, "top": reading.top}
    if reading.lowest:
        arguments["lowest_first"] = True
    return draft.add("rank", arguments, f"companies in order of {by}", needs=(task,))


def _rank(scope: Scope, draft: Draft, calendar: str, by: str, days: str) -> str:
    task = _each(scope, draft, _TOOL[by], calendar)
    _put_in_order(draft, scope.reading, task, by)
    side = "lowest" if scope.reading.lowest else "highest"
    return f"Who reported, {days}, {side} on top by {_RANKED_BY[by]}."


def _scores(scope: Scope, draft: Draft, calendar: str, by: str, days: str) -> str:
    if scope.reading.ranked and not _ALERTS & set(scope.reading.words.split()):
        return _first_scores(scope, draft, calendar, by, days)
    surprise = _each(scope, draft, "earnings_surprise", calendar)
    blockbuster = _each(scope, draft, "blockbuster_score", calendar)
    predict = _each(scope, draft, "predict", calendar)
    vcp = _each(scope, draft, "vcp", calendar)
    _each(scope, draft, "alert", calendar, (surprise, blockbuster, predict, vcp))
    task = predict if by == "probability" else blockbuster
    _put_in_order(draft, scope.reading, task, by)
    return f"Scores and alerts of everybody who reported, {days}, by {_RANKED_BY[by]}."


def _first_scores(scope: Scope, draft: Draft, calendar: str, by: str, days: str) -> str:
    """One score of everybody, and all the others of those it puts first."""
    task = _each(scope, draft, _TOOL[by], calendar)
    first = _put_in_order(draft, scope.reading, task, by)
    rest = [_each(scope, draft, tool, first) for tool in _SCORES if tool != _TOOL[by]]
    _each(scope, draft, "alert", first, (task, *rest))
    return f"Who reported, {days}, on top by {_RANKED_BY[by]}, with their alerts."


def _repeat_plain(
    scope: Scope, draft: Draft, calendar: str, window: Window, days: str
) -> str:
    if scope.reading.intent is Intent.FEATURES:
        _each(scope, draft, "compute_features", calendar)
        return f"Features of everybody who reported, {days}."
    if scope.reading.intent is Intent.FILINGS:
        arguments: dict[str, object] = {"limit": 5}
        tool = "find_filings"
    else:
        arguments = {
            "start": window.start.isoformat(),
            "end": window.end.isoformat(),
        }
        tool = "headlines"
    goal = f"{tool.replace('_', ' ')} of every company that reported"
    draft.add(tool, arguments, goal, needs=(calendar,), each=calendar)
    what = "Filings" if tool == "find_filings" else "Headlines"
    return f"{what} of everybody who reported, {days}."
