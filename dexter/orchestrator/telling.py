"""Which of the evidence the synthesis agent sees: what was asked, not every input."""

import re
from collections.abc import Iterable, Iterator

from dexter.domain.briefs import PlanningBrief
from dexter.domain.evidence import Evidence
from dexter.domain.naming import Kind, Named, named_in, served, spelled
from dexter.domain.period import Quarter
from dexter.domain.research import Absence, TaskOutcome, TaskStatus

_MOST = 160
_LINES = frozenset(
    {
        "revenue_from_operations",
        "total_income",
        "other_income",
        "total_expenses",
        "profit_before_tax",
        "exceptional_items",
        "net_profit",
        "net_profit_owners",
        "eps_basic",
        "eps_diluted",
        "interest_earned",
        "operating_profit_before_provisions",
        "provisions",
        "gross_npa_ratio",
        "net_npa_ratio",
        "net_margin",
    }
)
_NAMED = {
    "read_statement": _LINES,
    "predict": frozenset({"probability", "base_rate", "feature_coverage"}),
}
_CARDED = frozenset({"blockbuster_score", "predict", "vcp"})
# What the planner's supporting tasks found is told only when its own task brought it.
_FEATURES = frozenset(
    {"rsi_14", "sma_200", "macd_line", "atr_14", "adx_14", "return_20", "return_60"}
)

_SCORED = ("blockbuster", "_percentile")
_PATTERN = "vcp_"
_LIKELY = re.compile(r"\b(?:probabilit\w+|chances?|odds|likel\w+)\b", re.IGNORECASE)
_ON_A_BASIS = frozenset({"read_statement", "earnings_surprise"})


def words_of(brief: PlanningBrief) -> str:
    """The question without its company names, in which no value is called."""
    words = brief.question
    for match in brief.companies:
        name = rf"(?<!\w){re.escape(match.text)}(?!\w)"
        words = re.sub(name, " ", words, flags=re.IGNORECASE)
    return words


def tellable(outcomes: Iterable[TaskOutcome], words: str = "") -> tuple[Evidence, ...]:
    """Evidence worth words, in the order of the plan.

    Inputs of computed values stay addressable without being shown to the model, unless
    ``words``, the question's, name them. Of repeated tasks only the companies a ranking
    put on top are told, if one did.
    """
    return _tellable(tuple(outcomes), words)[:_MOST]


def _tellable(outcomes: tuple[TaskOutcome, ...], words: str) -> tuple[Evidence, ...]:
    asked = {name for one in named_in(words) for name in one.names}
    ranked = {s for o in outcomes if o.task.tool == "rank" for s in o.finding.subjects}
    repeated = any("." in o.task.id for o in outcomes)
    told: dict[str, Evidence] = {}
    for outcome in outcomes:
        focus = _focus(outcome)
        for evidence in outcome.finding.evidence:
            if repeated and ranked and evidence.symbol not in ranked:
                continue
            named = evidence.name in asked or spelled(evidence.name, words)
            if _worth(outcome, evidence, focus, named=named):
                told.setdefault(evidence.id, evidence)
    return tuple(told.values())


def _focus(outcome: TaskOutcome) -> str | None:
    """The quarter a task was about: the one asked for, else the newest it brought."""
    asked = outcome.task.arguments.get("quarter")
    found = [str(asked)] if asked else [e.period for e in outcome.finding.evidence]
    return str(max(map(Quarter.parse, filter(None, found)), default="")) or None


def _worth(
    outcome: TaskOutcome, evidence: Evidence, focus: str | None, *, named: bool
) -> bool:
    tool = outcome.task.tool
    if tool in _NAMED:
        line = named and tool == "read_statement"
        return line or evidence.name in _NAMED[tool]
    if tool == "earnings_surprise":
        return bool(evidence.inputs) or evidence.period in {focus, None}
    if tool == "compute_features":
        return named or evidence.name in _FEATURES
    if tool == "blockbuster_score":
        return evidence.name.endswith(_SCORED)
    if tool == "vcp":
        return evidence.name.startswith(_PATTERN)
    return True


def absences_told(outcomes: Iterable[TaskOutcome]) -> tuple[Absence, ...]:
    """What was not found, each once: tasks that failed, then what tools missed.

    Where an alert was made its card says which scores are missing and why.
    """
    outcomes = tuple(outcomes)
    carded = any(o.finding.alerts for o in outcomes)
    ranked = {o.task.arguments.get("of") for o in outcomes if o.task.tool == "rank"}
    said: dict[Absence, None] = {}
    for outcome in outcomes:
        if outcome.task.each and outcome.task.id.partition(".")[0] in ranked:
            continue
        if outcome.status in {TaskStatus.FAILED, TaskStatus.SKIPPED}:
            what = f"task {outcome.task.id} ({outcome.task.tool or 'an open goal'})"
            said[Absence(what, outcome.reason or outcome.status.value)] = None
        if not (carded and outcome.task.tool in _CARDED):
            said.update(dict.fromkeys(outcome.finding.absences))
    return (*said, *_too_many(outcomes))


def _too_many(outcomes: tuple[TaskOutcome, ...]) -> Iterator[Absence]:
    """How many reporters are left out where there are more than can be told."""
    told = {evidence.symbol for evidence in _tellable(outcomes, "")[:_MOST]}
    ranked = any(o.task.tool == "rank" for o in outcomes)
    found = {
        symbol
        for outcome in outcomes
        if outcome.task.tool == "results_calendar"
        for symbol in outcome.finding.subjects
    }
    if not ranked and len(found - told):
        why = "more are known for these days than one answer names; ask for fewer days"
        yield Absence(f"{len(found - told)} further companies", why)


def unmet(outcomes: Iterable[TaskOutcome], words: str) -> tuple[Absence, ...]:
    """What the question's words ask for by name and the tasks did not bring."""
    outcomes = tuple(o for o in outcomes if "." not in o.task.id)
    asked = named_in(words)
    said: dict[Absence, None] = {}
    said.update(dict.fromkeys(_lines_unmet(outcomes, asked)))
    for outcome in outcomes:
        said.update(dict.fromkeys(_features_unmet(outcome, asked)))
        if outcome.task.tool == "predict" and _LIKELY.search(words):
            said.update(dict.fromkeys(outcome.finding.absences[:1]))
        if _on_another_basis(outcome, words):
            said.update(dict.fromkeys(outcome.finding.absences[:1]))
    return tuple(said)


def _lines_unmet(
    outcomes: tuple[TaskOutcome, ...], asked: tuple[Named, ...]
) -> Iterator[Absence]:
    found: dict[str, set[str]] = {}
    read: dict[str, str] = {}
    for outcome in outcomes:
        for evidence in outcome.finding.evidence:
            if evidence.symbol and evidence.value is not None:
                found.setdefault(evidence.symbol, set()).add(evidence.name)
                if outcome.task.tool == "read_statement":
                    read[evidence.symbol] = evidence.company or evidence.symbol
    for symbol, company in read.items():
        for one in asked:
            if one.kind is Kind.LINE and not served(one, found[symbol]):
                why = "the figures read here have no such line"
                yield Absence(f"{one.said} of {company}", why)


def _features_unmet(
    outcome: TaskOutcome, asked: tuple[Named, ...]
) -> Iterator[Absence]:
    if outcome.task.tool != "compute_features":
        return
    found = {e.name for e in outcome.finding.evidence if e.value is not None}
    for one in asked:
        if one.kind is Kind.FEATURE and not served(one, found):
            yield from (
                absence
                for absence in outcome.finding.absences
                if absence.what.split(" ")[0] in one.names
            )


def _on_another_basis(outcome: TaskOutcome, words: str) -> bool:
    """Whether the basis asked for by word was not there and another one was."""
    basis = str(outcome.task.arguments.get("basis"))
    if outcome.task.tool not in _ON_A_BASIS or basis not in words.lower():
        return False
    found = {e.basis.value for e in outcome.finding.evidence if e.basis}
    return bool(found) and basis not in found
