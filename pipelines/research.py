"""Asking: a run begun, carried out, ended; resumed when it was cut; replayed."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from dexter.agents import action, synthesis, validation
from dexter.domain.conversation import TokenUsage
from dexter.domain.moment import IST
from dexter.domain.research import Plan, Report
from dexter.domain.run import RunStatus
from dexter.errors import (
    DexterError,
    DiskFullError,
    IntegrityError,
    MomentError,
    NoQuestionError,
    NoReportError,
    ReplayDiffersError,
    StoreError,
)
from dexter.journal import Journal, JournalStore, trusted
from dexter.journal.store import summarise
from dexter.orchestrator import reporting
from dexter.orchestrator.research import plan_only, research
from dexter.orchestrator.run import Limits, Question, Run
from dexter.orchestrator.spending import Counted, Spending
from dexter.ports import LanguageModel, Runtime, Watcher
from dexter.tools.catalogue import toolbox
from pipelines.runtime import Desk, recorded_runtime

_FIRST_YEAR = 1875  # when the exchange in Bombay began
# What a prompt with its evidence comes to, for pricing a plan.
_TOKENS_A_CALL = 12_000
_PLAN = TypeAdapter(Plan)


def moment_from(text: str | None) -> datetime | None:
    """An ``--as-of``: a date (its last minute) or a time, Indian unless it says else.

    Raises:
        MomentError: it is no time.
    """
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise MomentError.unreadable(text) from error
    # A week is no moment, and where the calendar begins no zone can be applied.
    if "W" in text or moment.year < _FIRST_YEAR:
        raise MomentError.unreadable(text)
    if len(text.strip()) <= len("2024-07-13"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return moment if moment.tzinfo else moment.replace(tzinfo=IST)


async def ask(
    desk: Desk,
    question: Question,
    model: LanguageModel,
    watcher: Watcher,
    run_id: str | None = None,
) -> Report:
    """One question, recorded, to its report.

    Raises:
        DexterError: as research raises it; the run is recorded as failed.
    """
    header = desk.header(question.text, question.as_of, model.name)
    if question.plan is not None:
        header["plan"] = _PLAN.dump_python(question.plan, mode="json")
    journal = Journal.begin(desk.journals, run_id or fresh_id(desk), header)
    # As the record tells it: a replay carries out the same plan to the letter.
    return await _carried_out(desk, journal, _question(journal), model, watcher)


async def resume(
    desk: Desk, run_id: str, model: LanguageModel, watcher: Watcher
) -> Report:
    """Go on with a run that was cut; what it did already is not done again.

    Raises:
        NoQuestionError: it is of a command that asks none.
        IntegrityError: its record does not hold, or its end was cut off.
    """
    if kind_of(desk.journals, run_id) is not None:
        raise NoQuestionError(run_id)
    trusted(desk.journals, run_id, desk.kept_head(run_id))
    journal = Journal.resume(desk.journals, run_id)
    return await _carried_out(desk, journal, _question(journal), model, watcher)


async def replay(store: JournalStore, run_id: str, watcher: Watcher) -> Report:
    """Make a run's report again from its record alone: no network, no model, no store.

    Raises:
        UnknownRunError: there is no such run.
        NoReportError: it ended, or was cut, before its report.
        ReplayMissError: the code asks for something that was never recorded.
        ReplayDiffersError: the report is not byte for byte the recorded one.
        IntegrityError: the record does not hold.
    """
    journal = Journal.replay(store, run_id)
    then = _recorded(journal)
    done = await research(
        _question(journal), _run(journal, recorded_runtime(journal), watcher)
    )
    if digest(done) != digest(then):
        raise ReplayDiffersError(run_id)
    return await _concluded(journal, done)


def recorded(store: JournalStore, run_id: str) -> Report:
    """A run's report as it was recorded, whatever the code has become since.

    Raises:
        UnknownRunError: there is no such run.
        NoReportError: it ended, or was cut, before its report.
        IntegrityError: the record does not hold.
    """
    journal = Journal.replay(store, run_id)
    return replace(_recorded(journal), journal=journal.whole)


def _recorded(journal: Journal) -> Report:
    notes = journal.recorded("report")
    if not notes:
        raise NoReportError(journal.run_id)
    return reporting.from_json(str(notes[-1]["document"]))


async def plan(
    desk: Desk,
    question: Question,
    model: LanguageModel,
    watcher: Watcher,
    run_id: str | None = None,
) -> tuple[Plan, str]:
    """The plan alone, and what carrying it out would cost at most.

    Recorded as a run that ended with its plan.
    """
    header = desk.header(question.text, question.as_of, model.name)
    journal = Journal.begin(desk.journals, run_id or fresh_id(desk), header)
    async with ending(journal, model):
        run = _run(journal, desk.runtime(journal, model), watcher)
        made = await plan_only(question, run)
        await journal.finish("planned", {})
    return made, price_of(made, model)


def price_of(made: Plan, model: LanguageModel) -> str:
    """What a plan costs, in words: the calls it makes for certain, at their worst.

    One validation and one synthesis (twice if sentences are refused); an open goal is
    an agent with a loop of its own. What a repeated task meets cannot be known before.
    """
    if model.name == "offline":
        return "costs nothing: the offline model calls nobody"
    goals = sum(task.tool is None for task in made.tasks)
    calls = 1 + 2 + goals * action.SPEC.max_turns
    price = getattr(model, "price", None)
    if price is None:
        return f"{calls} model calls at most after the plan; their price is unknown"
    answer = validation.SPEC.max_output_tokens + 2 * synthesis.SPEC.max_output_tokens
    tokens = TokenUsage(
        input_tokens=calls * _TOKENS_A_CALL,
        output_tokens=answer + goals * action.SPEC.max_output_tokens,
    )
    return (
        f"{calls} model calls at most after the plan, about "
        f"${price.cost(tokens):.2f} at {_TOKENS_A_CALL:,} tokens in a call"
    )


def plan_document(made: Plan, price: str) -> dict[str, object]:
    """A plan as ``ask --plan --json`` prints it."""
    document: dict[str, object] = _PLAN.dump_python(made, mode="json")
    return document | {"price": price}


def fresh_id(desk: Desk) -> str:
    """An id no run has: the time it begins, and chance."""
    return f"{desk.clock.present():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def header_of(desk: Desk, run_id: str) -> Mapping[str, Any]:
    """What a run began with.

    Raises:
        UnknownRunError: there is no such run.
    """
    return Journal.replay(desk.journals, run_id).header


def kind_of(store: JournalStore, run_id: str) -> str | None:
    """Which command a run is of that asks no question and has no report, if any.

    ``extract`` for ``extract --vision``, ``tones`` for ``data tones``.
    """
    if not store.read(run_id):
        return None
    kind = Journal.replay(store, run_id).header.get("kind")
    return None if kind is None else str(kind)


def has_failed(store: JournalStore, run_id: str) -> bool:
    """Whether a run ended with an error: it has no report, and is not gone on with."""
    events = store.read(run_id)
    if not events:
        return False
    told = summarise(store, run_id, (events[0], events[-1]), held=False)
    return told.status is RunStatus.FAILED


def digest(report: Report) -> str:
    """What identifies a report: the hash of its JSON without the journal's head."""
    body = replace(report, journal=None)
    return hashlib.sha256(reporting.as_json(body).encode()).hexdigest()


async def _carried_out(
    desk: Desk,
    journal: Journal,
    question: Question,
    model: LanguageModel,
    watcher: Watcher,
) -> Report:
    async with ending(journal, model):
        run = _run(
            journal,
            desk.runtime(journal, model),
            watcher,
            Limits(concurrency=desk.settings.concurrency),
        )
        done = await _concluded(journal, await research(question, run))
    try:
        desk.keep_head(journal.run_id, journal.head, digest(done))
    except StoreError as error:
        error.run_id = journal.run_id
        error.hint += f" The answer is recorded: `dexter runs show {journal.run_id}`."
        raise
    return done


async def _concluded(journal: Journal, done: Report) -> Report:
    """Record (or, in replay, compare) how the run ended; the report with its head."""
    await journal.note("report", {"document": reporting.as_json(done)})
    await journal.finish("finished", {"status": done.status})
    return replace(done, journal=journal.head)


def _run(
    journal: Journal, runtime: Runtime, watcher: Watcher, limits: Limits | None = None
) -> Run:
    spending = Spending()
    counted = replace(runtime, model=Counted(runtime.model, spending))
    return Run(counted, journal, toolbox(), watcher, spending, limits or Limits())


def _told(error: BaseException) -> BaseException:
    """What to tell of a failure: the first of ours, when a task group wrapped it."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    ours = error.subgroup(DexterError)
    while ours is not None and isinstance(ours.exceptions[0], BaseExceptionGroup):
        ours = ours.exceptions[0]
    return ours.exceptions[0] if ours is not None else error


@asynccontextmanager
async def ending(journal: Journal, model: LanguageModel) -> AsyncIterator[None]:
    """Whatever goes wrong inside is said in the record, and raised as one error.

    The model's connections are closed either way.
    """
    try:
        yield
    except BaseException as error:
        told = _told(error)
        await _ended_badly(journal, told)
        if told is error:
            raise
        raise told from error
    finally:
        await _let_go(model)


async def _ended_badly(journal: Journal, error: BaseException) -> None:
    """Say in the record how a run ended: failed with its reason, or interrupted.

    A full disk interrupts: with room made, the run goes on.
    """
    if isinstance(error, DexterError):
        error.run_id = journal.run_id
    kept = isinstance(error, IntegrityError | DiskFullError)
    if isinstance(error, DexterError) and not kept:
        try:
            await journal.finish("failed", {"reason": error.sentence})
        except DexterError:
            journal.close()
        return
    error.add_note(f"run {journal.run_id}")
    journal.interrupt(type(error).__name__)


async def _let_go(model: LanguageModel) -> None:
    """Close a model's connections within the loop that opened them."""
    close = getattr(model, "aclose", None)
    if close is not None:
        await close()


def _question(journal: Journal) -> Question:
    header: Any = journal.header
    as_of = datetime.fromisoformat(header["as_of"]) if header["as_of"] else None
    plan = header.get("plan")
    return Question(
        str(header["query"]),
        as_of,
        _PLAN.validate_python(plan) if plan is not None else None,
    )
