"""Which of the evidence the synthesis agent sees: what was asked, not every input."""

from collections.abc import Iterable

from dexter.domain.evidence import Evidence
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


def tellable(outcomes: Iterable[TaskOutcome]) -> tuple[Evidence, ...]:
    """Evidence worth words, in the order of the plan.

    Inputs of computed values stay addressable without being shown to the model. Of
    repeated tasks only the companies a ranking put on top are told, if one did.
    """
    outcomes = tuple(outcomes)
    ranked = {s for o in outcomes if o.task.tool == "rank" for s in o.finding.subjects}
    repeated = any("." in o.task.id for o in outcomes)
    told: dict[str, Evidence] = {}
    for outcome in outcomes:
        focus = _focus(outcome)
        for evidence in outcome.finding.evidence:
            if repeated and ranked and evidence.symbol not in ranked:
                continue
            if _worth(outcome, evidence, focus):
                told.setdefault(evidence.id, evidence)
    return tuple(told.values())[:_MOST]


def _focus(outcome: TaskOutcome) -> str | None:
    """The quarter a task was about: the one asked for, else the newest it brought."""
    asked = outcome.task.arguments.get("quarter")
    found = [str(asked)] if asked else [e.period for e in outcome.finding.evidence]
    return str(max(map(Quarter.parse, filter(None, found)), default="")) or None


def _worth(outcome: TaskOutcome, evidence: Evidence, focus: str | None) -> bool:
    tool = outcome.task.tool
    if tool in _NAMED:
        return evidence.name in _NAMED[tool]
    if tool == "earnings_surprise":
        return bool(evidence.inputs) or evidence.period in {focus, None}
    if tool == "compute_features":
        return evidence.name in _FEATURES
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
    return tuple(said)
