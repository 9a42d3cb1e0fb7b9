"""From a planning brief to the JSON of a plan, by rules."""

from dataclasses import replace

from dexter.domain.briefs import PlanningBrief
from dexter.domain.unanswered import Why
from dexter.llm.offline.company_plans import plan_companies
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.intents import Reading, read_question
from dexter.llm.offline.market_plans import by_growth_for_size, plan_market
from dexter.llm.offline.refusals import FORMS, refusal, strangers
from dexter.llm.offline.scope import Scope
from dexter.llm.offline.unread import CURRENCY, as_written

# What the planner agent accepts.
MOST_TASKS = 40
MOST_CHARACTERS = 600


def plan(brief: PlanningBrief) -> dict[str, object]:
    """The plan of a question, or ``cannot`` with the reason and what can be asked.

    Returns:
        ``{"understood_as", "cannot", "tasks", "missing"}``; tasks are empty beside
        ``cannot``; ``missing`` is what of the question they leave unanswered.
    """
    brief = without_currencies(brief)
    reading = read_brief(brief)
    cannot = refusal(brief, reading)
    if cannot:
        return _refused(cannot)
    scope, draft = Scope(brief, reading), Draft()
    understood = _write(scope, draft)
    tasks = draft.offered(brief.tools)
    if understood is None or not tasks or len(tasks) > MOST_TASKS:
        return _refused(_unplanned(understood, len(tasks)))
    return {
        "understood_as": _bounded(f"{understood}{_left_out(brief)}"),
        "cannot": None,
        "tasks": tasks,
        "missing": _missing(scope),
    }


def without_currencies(brief: PlanningBrief) -> PlanningBrief:
    """The brief without companies whose name is only the currency asked for."""
    money = " ".join(CURRENCY.findall(brief.question.lower())).split()
    kept = tuple(one for one in brief.companies if one.text.lower() not in money)
    return replace(brief, companies=kept)


def _missing(scope: Scope) -> list[dict[str, object]]:
    """What of the question the tasks leave unanswered.

    An amount that is only to be held against a company's own figure needs no answer.
    """
    missing = [
        (as_written(one.said, scope.brief.question), one.why)
        for one in scope.reading.unread
        if not (scope.companies and one.why is Why.PICKED)
    ]
    if not scope.companies and by_growth_for_size(scope.reading):
        missing += [(one, Why.SIZE) for one in scope.reading.named[:1]]
    return [{"what": said, "why": why.value} for said, why in missing]


def read_brief(brief: PlanningBrief) -> Reading:
    """The reading of a brief's question, its mentions set aside."""
    mentions = [match.text for match in brief.companies]
    mentions += [match.text for group in brief.ambiguous for match in group]
    mentions += [text for text, _ in strangers(brief)]
    return read_question(brief.question, mentions)


def _write(scope: Scope, draft: Draft) -> str | None:
    if scope.companies:
        return plan_companies(scope, draft)
    return plan_market(scope, draft)


def _unplanned(understood: str | None, tasks: int) -> str:
    if tasks > MOST_TASKS:
        return f"That is more companies or quarters than one plan may hold. {FORMS}"
    if understood is None:
        return f"That stretch of time is longer than a season can be read in. {FORMS}"
    return f"No tool for such a question is offered here. {FORMS}"


def _left_out(brief: PlanningBrief) -> str:
    """Said when some names could be linked and others could not."""
    names = [f"“{text}”" for text, _ in strangers(brief)]
    if not names:
        return ""
    return f" Left out, because nobody listed here goes by it: {', '.join(names)}."


def _refused(cannot: str) -> dict[str, object]:
    understood = "A question these rules do not plan."
    return {"understood_as": understood, "cannot": cannot, "tasks": []}


def _bounded(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
