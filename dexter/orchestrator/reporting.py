"""The report: the run as ``ask --json`` prints it, a pure function of the journal."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from dexter.agents.validation import Verdict
from dexter.domain.evidence import Evidence
from dexter.domain.research import (
    Absence,
    Answer,
    Plan,
    PlannedTask,
    PlanRecord,
    Report,
    ReportStatus,
    TaskOutcome,
    TaskStatus,
    Usage,
)
from dexter.features.regime import MARKET_INDEX
from dexter.orchestrator.numbering import natural
from dexter.orchestrator.publishing import Published
from dexter.orchestrator.run import Moment, Question, Run

# Tasks that carry the question itself: coming back empty, they leave it half answered.
_CARRYING = frozenset(
    {
        "read_statement",
        "compare",
        "earnings_surprise",
        "results_calendar",
        "price_history",
        "rank",
        "find_filings",
    }
)
_FRESH_DAYS = 14
_FICTION = (
    "This is the bundled sample market: companies, filings and prices are invented; "
    "probabilities and scores on it are illustrative."
)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything found, numbered and checked, before it is put into words.

    ``unmet`` is what the question asked for by name and did not get.
    """

    plan: Plan
    outcomes: tuple[TaskOutcome, ...]
    evidence: dict[str, Evidence]
    verdict: Verdict
    remarks: tuple[str, ...]
    unmet: tuple[Absence, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What tools warned of, each once."""
        said = (w for o in self.outcomes for w in o.finding.warnings)
        return tuple(dict.fromkeys(said))


async def report(
    question: Question,
    told: Told,
    published: Published,
    trouble: str | None,
    moment: Moment,
    run: Run,
) -> Report:
    """Put the run together."""
    status, reason = _status(told, published, trouble)
    dropped = tuple(
        f"A sentence was dropped because it could not be proved: {s.problems[0]}."
        for s in published.refused
    )
    alerts = tuple(a for o in told.outcomes for a in o.finding.alerts)
    return Report(
        run_id=run.journal.run_id,
        query=question.text,
        as_of=moment.as_of.moment,
        status=status,
        reason=reason,
        model=run.runtime.model.name,
        plan=PlanRecord(told.plan.understood_as, _tasks(told)),
        answer=published.answer,
        evidence=told.evidence,
        absences=tuple(dict.fromkeys((*told.unmet, *_absences(told.outcomes)))),
        conflicts=told.verdict.conflicts,
        checks=told.verdict.checks,
        alerts=alerts,
        usage=await _usage(moment, run),
        notices=(*await _notices(moment, run), *told.warnings, *told.remarks, *dropped),
    )


async def abstained(question: Question, plan: Plan, moment: Moment, run: Run) -> Report:
    """A question that could not be planned, with the reason."""
    return Report(
        run_id=run.journal.run_id,
        query=question.text,
        as_of=moment.as_of.moment,
        status=ReportStatus.ABSTAINED,
        reason=plan.cannot,
        model=run.runtime.model.name,
        plan=PlanRecord(plan.understood_as, ()),
        answer=Answer("", ()),
        evidence={},
        absences=(),
        conflicts=(),
        checks=(),
        alerts=(),
        usage=await _usage(moment, run),
        notices=await _notices(moment, run),
    )


def _status(
    told: Told, published: Published, trouble: str | None
) -> tuple[ReportStatus, str | None]:
    if trouble:
        return ReportStatus.PARTIAL, trouble
    if not any(c.evidence for c in published.answer.claims):
        return ReportStatus.ABSTAINED, _unanswered(told, published)
    lacking = _lacking(told, published)
    return (ReportStatus.PARTIAL if lacking else ReportStatus.ANSWERED), lacking


def _lacking(told: Told, published: Published) -> str | None:
    """What keeps an answer from being whole: a task, a sentence, a check."""
    count = len(published.refused)
    what = "sentence" if count == 1 else "sentences"
    check = next((c for c in told.verdict.checks if not c.ok), None)
    reasons = (
        _first_failure(told),
        next(map(_said, told.unmet), None),
        _first_absence(told),
        f"{count} {what} could not be proved" if count else None,
        f"a check failed: {check.name}: {check.detail}" if check else None,
    )
    return next(filter(None, reasons), None)


def _unanswered(told: Told, published: Published) -> str:
    """Why nothing is said: what is missing, what failed, or nothing was proved."""
    reasons = (
        next(map(_said, told.unmet), None),
        _first_absence(told),
        _first_failure(told),
        "no sentence of the answer could be proved" if published.refused else None,
    )
    return next(filter(None, reasons), "nothing was found that answers it")


def _empty(outcome: TaskOutcome) -> bool:
    """A planned task that carries the question and brought nothing back."""
    planned = outcome.task.tool in _CARRYING and "." not in outcome.task.id
    return planned and not outcome.finding.evidence


def _said(absence: Absence) -> str:
    return f"{absence.what}: {absence.reason}"


def _first_failure(told: Told) -> str | None:
    failed = (o for o in told.outcomes if o.status is TaskStatus.FAILED)
    return next((f"{o.task.id}: {o.reason}" for o in failed), None)


def _first_absence(told: Told) -> str | None:
    for outcome in told.outcomes:
        if _empty(outcome):
            if outcome.finding.absences:
                return _said(outcome.finding.absences[0])
            return f"{outcome.task.id}: {outcome.reason or 'brought nothing back'}"
    return None


def _tasks(told: Told) -> tuple[PlannedTask, ...]:
    """The planned tasks, a repeated one followed by its repeats."""
    done = {o.task.id: o for o in told.outcomes}
    rows = []
    for task in told.plan.tasks:
        if task.id not in done and task.each:
            repeats = [o for o in told.outcomes if o.task.each and _of(o, task.id)]
            rows.append(_repeated(task.id, repeats, told))
    listed = [_row(o) for o in told.outcomes]
    return tuple(sorted(rows + listed, key=lambda row: natural(row.id)))


def _of(outcome: TaskOutcome, planned: str) -> bool:
    return outcome.task.id.startswith(f"{planned}.")


def _repeated(planned: str, repeats: list[TaskOutcome], told: Told) -> PlannedTask:
    task = next(t for t in told.plan.tasks if t.id == planned)
    ended = [o for o in repeats if o.status is not TaskStatus.DONE]
    started = [o.started for o in repeats if o.started]
    finished = [o.finished for o in repeats if o.finished]
    good = len(repeats) - len(ended)
    return PlannedTask(
        id=planned,
        agent=task.agent,
        tool=task.tool,
        arguments=task.arguments,
        depends_on=task.depends_on,
        status=TaskStatus.DONE if good or not repeats else TaskStatus.FAILED,
        reason=f"repeated for {len(repeats)} companies, {good} done",
        started=min(started, default=None),
        finished=max(finished, default=None),
    )


def _row(outcome: TaskOutcome) -> PlannedTask:
    task = outcome.task
    return PlannedTask(
        id=task.id,
        agent=task.agent,
        tool=task.tool,
        arguments=task.arguments,
        depends_on=task.depends_on,
        status=outcome.status,
        reason=outcome.reason,
        started=outcome.started,
        finished=outcome.finished,
    )


def _absences(outcomes: Iterable[TaskOutcome]) -> tuple[Absence, ...]:
    said: dict[Absence, None] = {}
    for outcome in outcomes:
        if outcome.status in {TaskStatus.FAILED, TaskStatus.SKIPPED}:
            what = f"{outcome.task.tool or outcome.task.goal} ({outcome.task.id})"
            said[Absence(what, outcome.reason or outcome.status.value)] = None
        said.update(dict.fromkeys(outcome.finding.absences))
    return tuple(said)


async def _notices(moment: Moment, run: Run) -> tuple[str, ...]:
    fiction = (_FICTION,) if run.runtime.fictional else ()
    return (*fiction, *await _old_data(moment, run))


async def _old_data(moment: Moment, run: Run) -> tuple[str, ...]:
    """Said where the data ends well before the moment asked about."""
    index = await run.runtime.prices.index(MARKET_INDEX, moment.as_of, 1)
    if index is None or not index.sessions:
        return ()
    last, day = index.sessions[-1], moment.as_of.day
    if (day - last).days <= _FRESH_DAYS:
        return ()
    said = (
        f"The data here ends on {last.day} {last:%B %Y}, {(day - last).days} days "
        "before the moment asked about; what was published since is not known here."
    )
    return (said,)


async def _usage(moment: Moment, run: Run) -> Usage:
    """Tokens and money as the replies reported them; seconds by the clock."""
    ended: datetime = await run.runtime.clock.now()
    spent = run.spending.total()
    seconds = (ended - moment.began) / timedelta(seconds=1)
    return replace(spent, seconds=round(seconds, 3))


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def as_document(done: Report) -> dict[str, Any]:
    """The report in the shape of the contract, plain JSON values."""
    document: dict[str, Any] = _adapter().dump_python(done, mode="json")
    return document


def as_json(done: Report) -> str:
    """One JSON document, canonical: the same report gives the same bytes."""
    return json.dumps(as_document(done), ensure_ascii=False, indent=2)


def from_json(text: str) -> Report:
    """The report a document was written from."""
    return _adapter().validate_json(text)


def schema() -> dict[str, Any]:
    """The JSON Schema of the document, generated from the types."""
    return _adapter().json_schema(mode="serialization")
