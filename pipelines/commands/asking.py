"""``dexter ask``: one question, its live plan, the answer, the alert, the files."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from rich.markup import escape

from dexter.console import answer, failing, saving
from dexter.console.runs import planned
from dexter.domain.research import Report, ReportStatus
from dexter.errors import RunInterruptedError, UnsavableError
from dexter.orchestrator.reporting import as_json
from dexter.orchestrator.run import Question
from dexter.ports import Watcher
from pipelines import research
from pipelines.commands import screen
from pipelines.runtime import Desk, open_desk

T = TypeVar("T")
EXIT = {
    ReportStatus.ANSWERED: 0,
    ReportStatus.FAILED: 1,
    ReportStatus.PARTIAL: 3,
    ReportStatus.ABSTAINED: 3,
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """The flags of ``ask``."""

    as_of: str | None = None
    model: str | None = None
    budget: Decimal | None = None
    plan: bool = False
    json: bool = False
    save: Path | None = None
    sample: bool = False


def ask(text: str, wishes: Wishes) -> int:
    """Ask, show, save; the exit code says how it went."""
    question = Question(text, research.moment_from(wishes.as_of))
    if wishes.save is not None:
        saving.check(wishes.save)
    desk = _desk(sample=wishes.sample)
    run_id = research.fresh_id(desk)
    try:
        if wishes.plan:
            return _plan(desk, question, wishes, run_id)
        report = _watched(
            desk,
            wishes,
            run_id,
            lambda model, watcher: research.ask(desk, question, model, watcher, run_id),
        )
    finally:
        desk.close()
    return told(report, wishes)


def resume(run_id: str, wishes: Wishes) -> int:
    """Go on with a run that was cut."""
    desk = _desk()
    try:
        header = research.header_of(desk, run_id)
        desk = desk.on_market(header)
        report = _watched(
            desk,
            wishes,
            run_id,
            lambda model, watcher: research.resume(desk, run_id, model, watcher),
            spec=str(header["model"]),
        )
    finally:
        desk.close()
    return told(report, wishes)


def told(report: Report, wishes: Wishes) -> int:
    """Print and save a report; one that cannot be saved is printed all the same."""
    if wishes.json:
        screen.print_json(as_json(report))
    else:
        answer.show(report, screen.out())
    if wishes.save is None:
        return EXIT[report.status]
    try:
        saving.save(report, wishes.save)
    except UnsavableError as error:
        error.run_id = report.run_id
        failing.show(error, screen.err())
        return error.exit_code
    screen.err().print(f"[dim]saved to {escape(str(wishes.save))}[/]")
    return EXIT[report.status]


def _desk(*, sample: bool = False) -> Desk:
    with screen.bars(passing=True) as tell:
        return open_desk(sample=sample, on_progress=tell)


def _watched(
    desk: Desk,
    wishes: Wishes,
    run_id: str,
    ask_with: Callable[[Any, Watcher], Coroutine[Any, Any, T]],
    spec: str | None = None,
) -> T:
    with screen.watching() as watcher:
        model = desk.model(wishes.model or spec, wishes.budget, watcher.heard)
        try:
            return asyncio.run(ask_with(model, watcher))
        except KeyboardInterrupt:
            if not desk.journals.read(run_id):
                raise
            raise RunInterruptedError(run_id) from None


def _plan(desk: Desk, question: Question, wishes: Wishes, run_id: str) -> int:
    plan, price = _watched(
        desk,
        wishes,
        run_id,
        lambda model, watcher: research.plan(desk, question, model, watcher, run_id),
    )
    if wishes.json:
        screen.print_json(research.plan_document(plan, price))
    else:
        planned(plan, price, screen.out())
    return EXIT[ReportStatus.ABSTAINED if plan.cannot else ReportStatus.ANSWERED]
