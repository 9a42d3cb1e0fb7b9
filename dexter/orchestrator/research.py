"""One research run, from a question to a report: the story of dexter.

Everything that touches the world goes through journalled ports, so the same function
records, resumes and replays, and its report is a pure function of the journal.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter

from dexter.agents import action, planner, synthesis, validation
from dexter.domain.briefs import PlanningBrief, SynthesisBrief, ValidationBrief
from dexter.domain.moment import AsOf
from dexter.domain.research import (
    Finding,
    Plan,
    Report,
    Task,
    TaskOutcome,
)
from dexter.errors import BudgetError, ModelError, MomentError
from dexter.orchestrator import publishing, reporting
from dexter.orchestrator.numbering import numbered
from dexter.orchestrator.references import Sources
from dexter.orchestrator.run import Moment, Question, Run
from dexter.orchestrator.schedule import Needs, Terms, carry_out
from dexter.orchestrator.telling import absences_told, tellable, unmet, words_of
from dexter.orchestrator.understand import understand
from dexter.tools.base import ToolContext


async def research(question: Question, run: Run) -> Report:
    """Plan, act, validate, synthesise, publish.

    Raises:
        UsageError: the question or its moment cannot be used.
        PlanError: no usable plan came back.
        ModelError: the planner's model failed.
        JournalError: the record cannot be kept or does not hold.
    """
    moment = await _moment(question, run)
    brief, plan = await prepare(question, moment, run)
    if plan.cannot:
        return await reporting.abstained(question, plan, moment, run)
    run.watcher.stage("acting", f"{len(plan.tasks)} tasks")
    outcomes = await _act(plan.tasks, moment, run)
    outcomes, remarks = await _validate(brief, plan, outcomes, moment, run)
    outcomes, evidence = numbered(outcomes)
    verdict = validation.examine(outcomes, moment.as_of)
    run.watcher.stage("writing", f"{len(evidence)} pieces of evidence")
    told = reporting.Told(
        plan=plan,
        outcomes=outcomes,
        evidence=evidence,
        verdict=verdict,
        remarks=remarks,
        unmet=plan.missing + unmet(outcomes, words_of(brief)),
    )
    published, trouble = await _synthesise(brief, told, run)
    return await reporting.report(question, told, published, trouble, moment, run)


async def prepare(
    question: Question, moment: Moment, run: Run
) -> tuple[PlanningBrief, Plan]:
    """What was found in the question, and its plan: a fixed one, or the planner's."""
    run.watcher.stage("planning", question.text)
    brief = await understand(question.text, moment, run)
    plan = question.plan
    if plan is None:
        with run.journal.span("planner"):
            plan = await planner.plan(brief, run.runtime.model, run.toolbox)
    await run.journal.note("plan", {"plan": plan})
    run.watcher.planned(plan)
    return brief, plan


async def plan_only(question: Question, run: Run) -> Plan:
    """The plan alone, for showing and pricing."""
    moment = await _moment(question, run)
    _, plan = await prepare(question, moment, run)
    return plan


async def _moment(question: Question, run: Run) -> Moment:
    began = await run.runtime.clock.now()
    latest = run.runtime.latest or began
    if question.as_of is None:
        return Moment(began, AsOf(latest, explicit=False))
    if question.as_of > max(began, latest):
        raise MomentError.ahead(question.as_of.isoformat(), began.isoformat())
    first = run.runtime.earliest
    if first is not None and question.as_of.date() < first:
        raise MomentError.before_data(question.as_of.isoformat(), first.isoformat())
    return Moment(began, AsOf(question.as_of, explicit=True))


async def _act(
    tasks: tuple[Task, ...],
    moment: Moment,
    run: Run,
    earlier: Needs | None = None,
) -> tuple[TaskOutcome, ...]:
    start = perf_counter()

    async def carry(task: Task, needs: Needs) -> Finding:
        with run.journal.span(f"task:{task.id}"):
            context = ToolContext(run.runtime, moment.as_of, needs)
            return await action.act(task, context, run.runtime.model, run.toolbox)

    def elapsed() -> datetime:
        return moment.began + timedelta(seconds=perf_counter() - start)

    async def stamp(task: Task, began: datetime) -> tuple[datetime, datetime]:
        async def now() -> tuple[datetime, datetime]:
            return began, elapsed()

        with run.journal.span(f"task:{task.id}"):
            return await run.journal.step(
                "task.times", {}, now, tuple[datetime, datetime]
            )

    def tolerant(task: Task) -> bool:
        return task.tool is not None and run.toolbox.get(task.tool).tolerant

    terms = Terms(carry, elapsed, stamp, tolerant, run.watcher, run.limits.concurrency)
    return await carry_out(tasks, terms, earlier)


async def _validate(
    brief: PlanningBrief,
    plan: Plan,
    outcomes: tuple[TaskOutcome, ...],
    moment: Moment,
    run: Run,
) -> tuple[tuple[TaskOutcome, ...], tuple[str, ...]]:
    """Check what came back; run the follow-ups a model asks for, once."""
    run.watcher.stage("validating", f"{len(outcomes)} findings")
    verdict = validation.examine(outcomes, moment.as_of)
    asked = ValidationBrief(
        question=brief.question,
        tasks=plan.tasks,
        checks=verdict.checks,
        conflicts=verdict.conflicts,
        absences=absences_told(outcomes),
        evidence=tellable(outcomes, words_of(brief)),
        follow_ups_left=run.limits.follow_ups,
    )
    with run.journal.span("validation"):
        try:
            more, remarks = await validation.opinion(
                asked, run.runtime.model, run.toolbox
            )
        except (ModelError, BudgetError) as error:
            return outcomes, (error.sentence,)
    if not more:
        return outcomes, remarks
    run.watcher.added(more)
    earlier = _by_task(plan.tasks, outcomes)
    return outcomes + await _act(more, moment, run, earlier), remarks


def _by_task(
    tasks: Iterable[Task], outcomes: Iterable[TaskOutcome]
) -> dict[str, tuple[TaskOutcome, ...]]:
    """Outcomes by the id of the planned task, repeats together."""
    grouped: dict[str, list[TaskOutcome]] = {task.id: [] for task in tasks}
    for outcome in outcomes:
        planned = outcome.task.id
        if planned not in grouped:
            planned = planned.partition(".")[0]
        grouped[planned].append(outcome)
    return {name: tuple(done) for name, done in grouped.items()}


async def _synthesise(
    brief: PlanningBrief, told: reporting.Told, run: Run
) -> tuple[publishing.Published, str | None]:
    """Words with references, checked; without a usable model, none and the reason."""
    evidence = tellable(told.outcomes, words_of(brief))
    found_missing = absences_told(told.outcomes)
    absences = tuple(dict.fromkeys((*told.unmet, *found_missing)))
    asked = SynthesisBrief(
        question=brief.question,
        understood_as=told.plan.understood_as,
        as_of=brief.as_of,
        evidence=evidence,
        absences=absences,
        conflicts=told.verdict.conflicts,
        warnings=tuple(w for w in told.warnings if "AI readers" not in w),
        notes=publishing.notes_about(evidence),
        unmet=told.unmet,
    )
    passages = {f"a{i}": f"{a.what}: {a.reason}" for i, a in enumerate(absences, 1)}
    passages |= {f"c{i}": c.what for i, c in enumerate(told.verdict.conflicts, 1)}
    sources = Sources(told.evidence, passages | dict(publishing.NOTES))

    draft: tuple[str, ...] = ()
    trouble: list[str] = []

    async def again(refused: tuple[str, ...]) -> tuple[str, ...]:
        for sentence in refused:
            await run.journal.note("refused", {"sentence": sentence})
        mended = replace(asked, refused=refused, draft=draft)
        try:
            return await synthesis.write(mended, run.runtime.model)
        except (ModelError, BudgetError) as error:
            # What the first answer said well is still worth publishing.
            trouble.append(error.sentence)
            return ()

    with run.journal.span("synthesis"):
        try:
            draft = await synthesis.write(asked, run.runtime.model)
        except (ModelError, BudgetError) as error:
            trouble.append(error.sentence)
        published = await publishing.publish(draft, sources, again)
    return published, next(iter(trouble), None)
