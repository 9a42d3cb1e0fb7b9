"""The validation agent: code checks first, then a model may ask for follow-ups."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from dexter.agents import shown
from dexter.agents.drafts import TASK_SCHEMA, TaskDraft, problems_of
from dexter.agents.spec import AgentSpec, Reply, ask, parsed, request_for
from dexter.domain.briefs import ValidationBrief
from dexter.domain.conversation import ModelReply
from dexter.domain.evidence import Derivation, Evidence, EvidenceKind
from dexter.domain.moment import AsOf
from dexter.domain.research import Conflict, Task, TaskOutcome
from dexter.domain.statement import Check
from dexter.errors import ModelReplyError
from dexter.ports import LanguageModel
from dexter.tools.base import Toolbox

MOST_FOLLOW_UPS = 3
_MOST_SHOWN = 120
_MOST_REMARKS = 4
_TOLERANCE = Decimal("0.000002")
# Formulas over two inputs, the first held against the second.
_GROWN = re.compile(
    r"\((\w+) − \1 (base|a year before)\) / \1 \2|close after / close before − 1"
)
_SHARE = re.compile(r"net_profit / \w+")
SPEC = AgentSpec(
    name="validation",
    prompt="validation",
    output_schema={
        "type": "object",
        "additionalProperties": False,
        "required": ["follow_ups", "remarks"],
        "properties": {
            "follow_ups": {"type": "array", "items": TASK_SCHEMA},
            "remarks": {"type": "array", "items": {"type": "string"}},
        },
    },
    max_output_tokens=2500,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the deterministic checks found."""

    checks: tuple[Check, ...]
    conflicts: tuple[Conflict, ...]


class Opinion(Reply):
    """Follow-ups a model asks for, and remarks for the auditor."""

    follow_ups: tuple[TaskDraft, ...] = ()
    remarks: tuple[str, ...] = ()


def examine(outcomes: Iterable[TaskOutcome], as_of: AsOf) -> Verdict:
    """Every rule that needs no opinion.

    The documents' own accounting checks; figures published after the moment; one basis
    per computed value; every growth recomputed from its inputs; sources that disagree.
    """
    outcomes = tuple(outcomes)
    evidence = {e.id: e for o in outcomes for e in o.finding.evidence}
    checks = [c for o in outcomes for c in o.finding.checks]
    checks += [
        _nothing_later(evidence.values(), as_of),
        *_recomputed(evidence),
        _one_basis(evidence),
    ]
    conflicts = [c for o in outcomes for c in o.finding.conflicts]
    conflicts += _disagreements(evidence.values(), conflicts)
    return Verdict(tuple(dict.fromkeys(checks)), tuple(dict.fromkeys(conflicts)))


async def opinion(
    brief: ValidationBrief, model: LanguageModel, toolbox: Toolbox
) -> tuple[tuple[Task, ...], tuple[str, ...]]:
    """Follow-up tasks worth running (bounded), and remarks; unusable ones are dropped.

    A model that cannot answer usably costs its opinion, never the run.
    """

    def read(reply: ModelReply) -> Opinion:
        said = parsed(reply, Opinion)
        tasks = [draft.task() for draft in said.follow_ups]
        problems = problems_of(tasks, toolbox, brief.follow_ups_left, brief.tasks)
        if problems:
            raise ModelReplyError.misshapen(problems)
        return said

    request = request_for(SPEC, brief, _values(brief, toolbox))
    try:
        said = await ask(model, request, read)
    except ModelReplyError as error:
        return (), (f"the validation model's opinion was unusable: {error.sentence}",)
    remarks = tuple(filter(_wordy, said.remarks))[:_MOST_REMARKS]
    return tuple(draft.task() for draft in said.follow_ups), remarks


def _wordy(remark: str) -> bool:
    """Whether a model's remark is words alone; numbers are written by code."""
    return bool(remark.strip()) and not any(map(str.isnumeric, remark))


def _values(brief: ValidationBrief, toolbox: Toolbox) -> dict[str, str]:
    tasks = (f"{t.id}: {t.tool or t.goal} {dict(t.arguments)}" for t in brief.tasks)
    return {
        "question": brief.question,
        "tasks": shown.lines(tasks),
        "checks": shown.check_lines(brief.checks),
        "conflicts": shown.conflict_lines(brief.conflicts),
        "absences": shown.absence_lines(brief.absences),
        "evidence": shown.evidence_lines(brief.evidence[:_MOST_SHOWN], ids=False),
        "tools": shown.tool_lines(tool.spec() for tool in toolbox.tools),
        "follow_ups_left": str(brief.follow_ups_left),
    }


def _nothing_later(evidence: Iterable[Evidence], as_of: AsOf) -> Check:
    late = [e for e in evidence if e.known_at and e.known_at > as_of.moment]
    said = ", ".join(f"{e.name} of {e.symbol} ({e.known_at})" for e in late)
    detail = said or "everything was public by the moment asked about"
    return Check("nothing from after the as-of moment", not late, detail)


def _one_basis(evidence: Mapping[str, Evidence]) -> Check:
    mixed = [
        e
        for e in evidence.values()
        if len({evidence[i].basis for i in e.inputs if i in evidence} - {None}) > 1
    ]
    said = ", ".join(f"{e.name} of {e.symbol}" for e in mixed)
    return Check("computed values mix no bases", not mixed, said or "none does")


def _recomputed(evidence: Mapping[str, Evidence]) -> list[Check]:
    """Growth and margins once more, from the inputs they name."""
    wrong, done = [], 0
    for item in evidence.values():
        again = _again(item, evidence)
        if again is None or item.value is None:
            continue
        done += 1
        if abs(again - item.value) > _TOLERANCE:
            wrong.append(f"{item.name} of {item.symbol}: {item.value}, not {again:.6f}")
    if not done:
        return []
    detail = "; ".join(wrong) or f"{done} values agree with their inputs"
    return [Check("growth and margins recomputed from their inputs", not wrong, detail)]


def _again(item: Evidence, evidence: Mapping[str, Evidence]) -> Decimal | None:
    """What a growth or a margin comes to; none for any other formula."""
    if item.kind is not EvidenceKind.COMPUTED or not isinstance(
        item.source, Derivation
    ):
        return None
    formula = item.source.formula
    grown = _GROWN.fullmatch(formula)
    values = [evidence[i].value for i in item.inputs if i in evidence]
    match values:
        case [Decimal() as one, Decimal() as other] if other:
            if grown or _SHARE.fullmatch(formula):
                return one / other - bool(grown)
    return None


def _disagreements(
    evidence: Iterable[Evidence], already: Iterable[Conflict]
) -> list[Conflict]:
    """Read values that should be one and are not: same line, quarter and basis."""
    told = {i for conflict in already for i in conflict.values}
    groups: dict[tuple[object, ...], list[Evidence]] = {}
    for item in evidence:
        if item.kind in {EvidenceKind.CELL, EvidenceKind.FACT} and item.value:
            key = (item.symbol, item.name, item.period, item.basis)
            groups.setdefault(key, []).append(item)
    found = []
    for (symbol, name, period, _), items in groups.items():
        differ = len({item.value for item in items}) > 1
        if differ and not any(item.id in told for item in items):
            said = " against ".join(f"{i.value} ({_document(i)})" for i in items)
            found.append(
                Conflict(
                    f"{name} of {symbol}, {period}: {said}",
                    tuple(item.id for item in items),
                )
            )
    return found


def _document(evidence: Evidence) -> str:
    source = evidence.source
    return source.formula if isinstance(source, Derivation) else source.document
