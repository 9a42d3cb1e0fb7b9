"""From a planning brief to the JSON of a plan, by rules."""

from dexter.domain.briefs import PlanningBrief
from dexter.llm.offline.company_plans import plan_companies
from dexter.llm.offline.draft import Draft
from dexter.llm.offline.intents import Reading, read_question
from dexter.llm.offline.market_plans import plan_market
from dexter.llm.offline.refusals import FORMS, refusal, strangers
from dexter.llm.offline.scope import Scope

# What the planner agent accepts.
MOST_TASKS = 40
MOST_CHARACTERS = 600


def plan(brief: PlanningBrief) -> dict[str, object]:
    """The plan of a question, or ``cannot`` with the reason and what can be asked.

    Returns:
        ``{"understood_as", "cannot", "tasks"}``; tasks are empty beside ``cannot``.
    """
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
    }


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
